import { useAction, usePageState } from "./actions/app-context.tsx";
import { removePicture } from "./actions/remove-picture.ts";
import { retryPicture } from "./actions/retry-picture.ts";
import { EmptyState } from "./gallery/empty-state.tsx";
import { adviceFor } from "./store/failure.ts";
import { currentPicture, type Picture } from "./store/images.ts";
import { progressWords } from "./store/words.ts";
import { Button } from "./ui/button.tsx";
import { Icon } from "./ui/icons.tsx";
import { Progress } from "./ui/progress.tsx";

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

/** What is being done to the picture, over the canvas. */
function Working({ picture }: { readonly picture: Picture }) {
  const job = usePageState((state) => state.jobs.find((entry) => entry.picture === picture.source.id) ?? null);
  const { progress } = picture;
  return (
    <div className="stage-pill appears-late">
      <div className="stage-pill-text">
        <span>{progressWords(progress)}</span>
        <Progress
          label={progressWords(progress)}
          value={progress && progress.total > 1 ? progress.done / progress.total : null}
        />
      </div>
      {job && (
        <Button small look="quiet" onPress={job.cancel}>
          Stop
        </Button>
      )}
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

/** The middle of the page: the current picture, or how to begin. */
export function Stage() {
  const picture = usePageState(currentPicture);
  if (!picture) return <EmptyState />;
  return (
    <>
      {picture.state === "failed" && <Failed picture={picture} />}
      {picture.state === "working" && <Working picture={picture} />}
      {picture.state === "stopped" && <Stopped picture={picture} />}
    </>
  );
}
