import { useState } from "react";
import { ToggleButton } from "react-aria-components/ToggleButton";
import type { ClassId, Failure, FoundPhoto, PhotoProvider } from "../../workers/contract.ts";
import { useAction, usePageState } from "../actions/app-context.tsx";
import { addFoundPhotos, agreeToService } from "../actions/search-photos.ts";
import { findClass } from "../store/classes.ts";
import { adviceFor } from "../store/failure.ts";
import { PHOTO_SERVICES } from "../store/photo-services.ts";
import { BlobImage } from "../ui/blob-image.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { Progress } from "../ui/progress.tsx";
import { Credit } from "./credit.tsx";
import { PhotoConsent } from "./photo-consent.tsx";
import { usePhotoSearch } from "./use-photo-search.ts";

function Photo({
  photo,
  chosen,
  onChange,
}: {
  readonly photo: FoundPhoto;
  readonly chosen: boolean;
  readonly onChange: (chosen: boolean) => void;
}) {
  const { source, attribution } = photo;
  const title = attribution.title === "" ? "Untitled" : attribution.title;
  return (
    <li className="photo">
      <ToggleButton className="photo-choice" aria-label={title} isSelected={chosen} onChange={onChange}>
        <BlobImage blob={source.blob} alt="" />
        <span className="photo-check">{chosen && <Icon name="check" size={16} />}</span>
      </ToggleButton>
      <span className="photo-title small ellipsis" title={title} dir="auto">
        {title}
      </span>
      <Credit attribution={attribution} />
    </li>
  );
}

function Trouble({ failure }: { readonly failure: Failure }) {
  return (
    <div role="alert">
      <p>{failure.message}</p>
      <p className="muted small">{adviceFor(failure)}</p>
    </div>
  );
}

const listed = (providers: readonly PhotoProvider[]): string =>
  providers.map((provider) => PHOTO_SERVICES[provider].name).join(" and ");

interface FoundProps {
  readonly name: string;
  readonly providers: readonly PhotoProvider[];
  readonly onUse: (photos: readonly FoundPhoto[]) => void;
  /** Searches once more. */
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

/** Searches, and shows what was found to choose from. */
function Found({ name, providers, onUse, onAgain, onClose }: FoundProps) {
  const { result, failure, progress } = usePhotoSearch(name, providers);
  const [chosen, setChosen] = useState<readonly FoundPhoto[]>([]);
  const toggle = (photo: FoundPhoto, on: boolean): void =>
    setChosen(on ? [...chosen, photo] : chosen.filter((one) => one !== photo));
  const failures = failure ? [failure] : (result?.failures ?? []);
  const searching = !result && !failure;
  return (
    <div className="dialog-body photos">
      <output className="muted small">
        {searching && `Asking ${listed(providers)} for “${name}”…`}
        {result && result.photos.length === 0 && `No photograph was found for “${name}”.`}
        {result &&
          result.photos.length > 0 &&
          `Choose those that show it well: the thing itself, large and whole. From ${listed(providers)}, ${new Date(result.asked).toLocaleDateString()}.`}
      </output>
      {searching && (
        <Progress
          label="Fetching photographs"
          value={progress && progress.total > 0 ? progress.done / progress.total : null}
        />
      )}
      {failures.map((one) => (
        <Trouble key={one.message} failure={one} />
      ))}
      {result && result.photos.length > 0 && (
        <ul className="photo-choices" aria-label="Photographs">
          {result.photos.map((photo) => (
            <Photo
              key={photo.source.id}
              photo={photo}
              chosen={chosen.includes(photo)}
              onChange={(on) => toggle(photo, on)}
            />
          ))}
        </ul>
      )}
      <div className="dialog-actions">
        {failures.length > 0 && <Button onPress={onAgain}>Try again</Button>}
        <Button onPress={onClose}>{searching ? "Stop" : "Cancel"}</Button>
        <Button look="primary" isDisabled={chosen.length === 0} onPress={() => onUse(chosen)}>
          {chosen.length > 1 ? `Use these ${chosen.length}` : "Use this photograph"}
        </Button>
      </div>
    </div>
  );
}

/** Finds openly licensed photographs of a class or of one of its kinds: asks first, then shows, then takes the chosen. */
export function PhotosDialog({
  classId,
  subcategory,
  onClose,
}: {
  readonly classId: ClassId;
  readonly subcategory: string | null;
  readonly onClose: () => void;
}) {
  const entry = usePageState((state) => findClass(state, classId));
  const providers = usePageState((state) => state.photoProviders);
  const [attempt, setAttempt] = useState(0);
  const agree = useAction(agreeToService);
  const add = useAction(addFoundPhotos);
  if (!entry) return null;
  const name = subcategory === null ? entry.name : `${subcategory} ${entry.name}`;
  return (
    <Dialog wide={providers.length > 0} title={`Open photographs of ${name}`} onClose={onClose}>
      {providers.length === 0 ? (
        <PhotoConsent
          name={name}
          onAgree={(agreed) => {
            for (const provider of agreed) agree({ provider, agreed: true });
          }}
          onCancel={onClose}
        />
      ) : (
        <Found
          key={attempt}
          onAgain={() => setAttempt(attempt + 1)}
          name={name}
          providers={providers}
          onClose={onClose}
          onUse={(photos) => {
            add({ classId, photos, subcategory });
            onClose();
          }}
        />
      )}
    </Dialog>
  );
}
