import { GridList, GridListItem } from "react-aria-components/GridList";
import type { PictureId } from "../../workers/contract.ts";
import { addPictures } from "../actions/add-pictures.ts";
import { useAction, usePageState } from "../actions/app-context.tsx";
import { goToPicture } from "../actions/go-to-picture.ts";
import { removeFailed } from "../actions/remove-failed.ts";
import { adviceFor } from "../store/failure.ts";
import type { Picture } from "../store/images.ts";
import type { Phase } from "../store/settings.ts";
import { progressWords, waitingWords } from "../store/words.ts";
import { BlobImage } from "../ui/blob-image.tsx";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icons.tsx";
import { dragPicture } from "../ui/item-drop.ts";
import "./gallery.css";

/** What a tile says of its picture, for the eye and for screen readers. */
function stateWords({ state, failure, progress }: Picture, phase: Phase): string {
  switch (state) {
    case "failed":
      return failure ? `Failed: ${failure.message} ${adviceFor(failure)}` : "Failed";
    case "working":
      return progressWords(progress);
    case "waiting":
      return waitingWords(phase);
    case "stopped":
      return "Stopped";
    case "done":
      return "Done";
  }
}

function Tile({ picture, words }: { readonly picture: Picture; readonly words: string }) {
  const thumbnail = picture.info?.thumbnail;
  const { state } = picture;
  return (
    <span
      className="tile"
      title={`${picture.source.name}\n${words}`}
      draggable={picture.info !== null}
      onDragStart={(event) => dragPicture(event, picture.source.id)}
    >
      {thumbnail ? (
        <BlobImage blob={thumbnail} alt="" />
      ) : (
        <span className="tile-blank">
          <Icon name={state === "failed" ? "alert" : "picture"} />
        </span>
      )}
      {thumbnail && state === "failed" && (
        <span className="tile-badge failed">
          <Icon name="alert" size={14} />
        </span>
      )}
      {state === "working" && <span className="tile-badge working" />}
      <span className="visually-hidden">{words}</span>
    </span>
  );
}

/** The pictures, as a strip: choose one, remove one, add more. */
export function Gallery() {
  const pictures = usePageState((state) => state.pictures);
  const currentId = usePageState((state) => state.currentId);
  const phase = usePageState((state) => state.phase);
  const show = useAction(goToPicture);
  const add = useAction(addPictures);
  const clear = useAction(removeFailed);
  const failed = pictures.filter((picture) => picture.state === "failed").length;

  return (
    <nav className="gallery" aria-label="Pictures">
      <div className="gallery-head">
        <Button look="quiet" icon="add" onPress={() => add(undefined)}>
          Add
        </Button>
      </div>
      <GridList
        aria-label="Pictures"
        className="gallery-list"
        selectionMode="single"
        selectionBehavior="replace"
        disallowEmptySelection
        selectedKeys={currentId === null ? [] : [currentId]}
        onSelectionChange={(keys) => {
          if (keys === "all") return;
          for (const key of keys) show(String(key) as PictureId);
        }}
      >
        {pictures.map((picture) => (
          <GridListItem
            key={picture.source.id}
            id={picture.source.id}
            textValue={`${picture.source.name}, ${stateWords(picture, phase)}`}
            className={picture.state === "failed" ? "gallery-item failed" : "gallery-item"}
          >
            <Tile picture={picture} words={stateWords(picture, phase)} />
          </GridListItem>
        ))}
      </GridList>
      {failed > 0 && (
        <div className="gallery-foot">
          <p className="small danger">
            {failed} of {pictures.length} failed
          </p>
          <Button small look="quiet" onPress={() => clear(undefined)} aria-label={removeFailed.label}>
            Remove
          </Button>
        </div>
      )}
    </nav>
  );
}
