import { useEffect, useState } from "react";
import type { ClassInfo, HarvestCandidate } from "../../workers/contract.ts";
import { useAction, useApp, usePageState } from "../actions/app-context.tsx";
import { confirmHarvest, dismissHarvest } from "../actions/harvest.ts";
import { findPicture } from "../store/images.ts";
import { percent } from "../store/words.ts";
import { BlobImage } from "../ui/blob-image.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { Icon } from "../ui/icons.tsx";
import "./harvest-strip.css";

/** What an offered region looks like; asked for once. */
function CandidateImage({ candidate }: { readonly candidate: HarvestCandidate }) {
  const { engine, store } = useApp();
  const [image, setImage] = useState<Blob | null>(null);
  useEffect(() => {
    let wanted = true;
    const source = findPicture(store.getState(), candidate.picture)?.source;
    if (!source) return undefined;
    engine.maskImage(source, candidate.mask).then(
      (blob) => {
        if (wanted) setImage(blob);
      },
      // Removed meanwhile, or the engine was replaced: the place stays empty.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [engine, store, candidate]);
  return image ? <BlobImage blob={image} alt="" className="harvest-image" /> : <span className="harvest-image" />;
}

function Offered({
  candidate,
  place,
  owner,
}: {
  readonly candidate: HarvestCandidate;
  readonly place: number;
  readonly owner: ClassInfo;
}) {
  const confirm = useAction(confirmHarvest);
  const dismiss = useAction(dismissHarvest);
  const name = usePageState((state) => findPicture(state, candidate.picture)?.source.name ?? "");
  const words = `region ${place + 1} of ${name}`;
  return (
    <li className="harvest-candidate" title={`${name}, ${percent(candidate.confidence)} sure`}>
      <CandidateImage candidate={candidate} />
      <span className="harvest-choices">
        <IconButton small icon="check" label={`Yes, ${words} is ${owner.name}`} onPress={() => confirm([candidate])} />
        <IconButton
          small
          icon="close"
          label={`No, ${words} is not ${owner.name}`}
          onPress={() => dismiss([candidate])}
        />
      </span>
    </li>
  );
}

/** Regions of the pictures that are likely of one class: confirmed one by one, all at once, or turned down. */
function ClassOffer({
  owner,
  candidates,
}: {
  readonly owner: ClassInfo;
  readonly candidates: readonly HarvestCandidate[];
}) {
  const [open, setOpen] = useState(false);
  const confirm = useAction(confirmHarvest);
  const dismiss = useAction(dismissHarvest);
  const count = candidates.length;
  return (
    <li className="harvest-offer">
      <button type="button" className="harvest-summary" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="swatch" style={{ backgroundColor: owner.colour }} aria-hidden="true" />
        <span className="ellipsis">
          {count === 1 ? "1 region is" : `${count} regions are`} likely <bdi>{owner.name}</bdi>: confirm?
        </span>
        <span className={open ? "fold open" : "fold"}>
          <Icon name="down" size={16} />
        </span>
      </button>
      {open && (
        <>
          <ul className="harvest-candidates" aria-label={`Likely ${owner.name}`}>
            {candidates.map((candidate, place) => (
              <Offered
                key={`${candidate.picture} ${candidate.mask.runs[0] ?? 0}`}
                candidate={candidate}
                place={place}
                owner={owner}
              />
            ))}
          </ul>
          <div className="harvest-buttons">
            <Button small look="primary" icon="check" onPress={() => confirm(candidates)}>
              {count === 1 ? "Confirm" : `Confirm all ${count}`}
            </Button>
            <Button small look="quiet" onPress={() => dismiss(candidates)}>
              {count === 1 ? "Not this" : "None of these"}
            </Button>
          </div>
        </>
      )}
    </li>
  );
}

/** What the person's own pictures could teach; nothing while there is nothing to confirm. */
export function HarvestStrip() {
  const harvest = usePageState((state) => state.harvest);
  const harvesting = usePageState((state) => state.harvesting);
  const classes = usePageState((state) => state.bank.classes);
  const offers = classes
    .map((owner) => ({ owner, candidates: harvest.filter(({ classId }) => classId === owner.id) }))
    .filter(({ candidates }) => candidates.length > 0);
  if (offers.length === 0 && harvesting === 0) return null;
  return (
    <section className="harvest" aria-label="From your own pictures">
      <h2 className="small">From your own pictures</h2>
      {offers.length > 0 && (
        <ul className="harvest-offers">
          {offers.map(({ owner, candidates }) => (
            <ClassOffer key={owner.id} owner={owner} candidates={candidates} />
          ))}
        </ul>
      )}
      {harvesting > 0 && (
        <p className="small muted">
          Looking through {harvesting === 1 ? "one more picture" : `${harvesting} more pictures`}…
        </p>
      )}
    </section>
  );
}
