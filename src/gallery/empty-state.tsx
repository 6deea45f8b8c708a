import { useEffect, useState } from "react";
import { addPictures } from "../actions/add-pictures.ts";
import { useAction } from "../actions/app-context.tsx";
import { listSamples, namesFor, openSample, sampleAddress, type Sample } from "../actions/open-sample.ts";
import { Button } from "../ui/button.tsx";
import "./empty-state.css";

const STEPS = [
  ["Drop a photo", "or a folder of them, anywhere on this page. Pasting works too."],
  ["Say what is in it", "in plain words: dog, frisbee, grass. Or show it by example."],
  ["See every region named", "ask why, correct it, save the mask."],
] as const;

/** What a person sees first: what this does, how to begin, and scenes to try it on. */
export function EmptyState() {
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const add = useAction(addPictures);
  const open = useAction(openSample);

  useEffect(() => {
    let wanted = true;
    listSamples().then(
      (found) => {
        if (wanted) setSamples(found);
      },
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, []);

  return (
    <div className="empty-state">
      <div className="empty-inner">
        <h1>Find anything in your pictures by what it looks like</h1>
        <ol className="empty-steps">
          {STEPS.map(([title, text]) => (
            <li key={title}>
              <h2>{title}</h2>
              <p className="muted">{text}</p>
            </li>
          ))}
        </ol>
        <div className="empty-begin">
          <Button look="primary" icon="add" onPress={() => add(undefined)}>
            Choose pictures
          </Button>
          <p className="muted small">Everything happens on this device. Nothing is uploaded.</p>
        </div>
        {samples.length > 0 && (
          <section aria-labelledby="samples-title">
            <h2 id="samples-title" className="samples-title">
              Or try a scene
            </h2>
            <ul className="samples">
              {samples.map((sample) => (
                <li key={sample.file}>
                  <button type="button" className="sample" onClick={() => open(sample)}>
                    <img src={sampleAddress(sample)} alt="" loading="lazy" draggable={false} />
                    <span className="sample-name">{sample.name}</span>
                    <span className="muted small ellipsis">{namesFor(sample).join(", ")}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </div>
  );
}
