import { useAction, usePageState } from "./actions/app-context.tsx";
import { removePicture } from "./actions/remove-picture.ts";
import { retryPicture } from "./actions/retry-picture.ts";
import { showSettings } from "./actions/show-dialog.ts";
import { EmptyState } from "./gallery/empty-state.tsx";
import { StageCanvas } from "./StageCanvas.tsx";
import { adviceFor } from "./store/failure.ts";
import { currentPicture, type Picture } from "./store/images.ts";
import { progressWords } from "./store/words.ts";
import { Button } from "./ui/button.tsx";
import { Icon } from "./ui/icons.tsx";
import { late, LatePart } from "./ui/late-part.tsx";
import { Progress } from "./ui/progress.tsx";

const HeatLegend = late(async () => (await import("./inspector/heat-legend.tsx")).HeatLegend);

/** Why there is nothing to see of a picture, and what to do about it. */
function Failed({ picture }: { readonly picture: Picture }) {
  const retry = useAction(retryPicture);
  const remove = useAction(removePicture);
  const { failure, source } = picture;
  if (!failure) return null;
  return (
    <div className="stage-card" role="alert">
      <span className="stage-card-icon">
        <Icon name="alert" size={28} />
      </span>
      <h2>{failure.message}</h2>
      <p className="muted">{adviceFor(failure)}</p>
      <div className="stage-card-actions">
        <Button look="primary" icon="retry" onPress={() => retry(source.id)}>
          Try again
        </Button>
        <Button icon="trash" onPress={() => remove(source.id)}>
          Remove
        </Button>
      </div>
    </div>
  );
}

/** What is being done to the picture, or what it waits for, over the canvas. */
function Working({ picture }: { readonly picture: Picture }) {
  const job = usePageState(
    (state) => state.jobs.find((entry) => entry.picture === picture.source.id) ?? state.jobs[0] ?? null,
  );
  if (!job) return null;
  const { progress } = job;
  const words = job.picture === null && !progress ? job.label : progressWords(progress);
  return (
    <div className="stage-pill appears-late">
      <div className="stage-pill-text">
        <span>{words}</span>
        <Progress label={words} value={progress && progress.total > 1 ? progress.done / progress.total : null} />
      </div>
      <Button small look="quiet" onPress={job.cancel}>
        Stop
      </Button>
    </div>
  );
}

function Stopped({ picture }: { readonly picture: Picture }) {
  const retry = useAction(retryPicture);
  return (
    <div className="stage-pill">
      <span>Stopped.</span>
      <Button small look="quiet" icon="retry" onPress={() => retry(picture.source.id)}>
        Go on
      </Button>
    </div>
  );
}

function NoModel() {
  const open = useAction(showSettings);
  return (
    <div className="stage-pill">
      <span>Without a model, pictures can be seen but not segmented.</span>
      <Button small look="primary" onPress={() => open(undefined)}>
        Choose a model
      </Button>
    </div>
  );
}

function Broken() {
  return (
    <div className="stage-card" role="alert">
      <span className="stage-card-icon">
        <Icon name="alert" size={28} />
      </span>
      <h2>The engine cannot run in this browser.</h2>
      <p className="muted">
        It needs module workers and WebAssembly. A current Chrome, Edge, Firefox or Safari has both.
      </p>
    </div>
  );
}

function Overlay({ picture }: { readonly picture: Picture }) {
  const phase = usePageState((state) => state.phase);
  if (phase === "broken") return <Broken />;
  switch (picture.state) {
    case "failed":
      return <Failed picture={picture} />;
    case "stopped":
      return <Stopped picture={picture} />;
    case "working":
      return <Working picture={picture} />;
    case "waiting":
      return phase === "no-model" && picture.info ? <NoModel /> : <Working picture={picture} />;
    case "done":
      return null;
  }
}

/** The middle of the page: the current picture, or how to begin. */
export function Stage() {
  const picture = usePageState(currentPicture);
  const generation = usePageState((state) => state.canvasGeneration);
  const isWarm = usePageState((state) => state.heat !== null);
  if (!picture) return <EmptyState />;
  return (
    <>
      <StageCanvas key={generation} picture={picture} />
      {isWarm && (
        <LatePart>
          <HeatLegend />
        </LatePart>
      )}
      <Overlay picture={picture} />
    </>
  );
}
