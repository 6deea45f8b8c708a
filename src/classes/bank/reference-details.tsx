import { useId, useState } from "react";
import { Group } from "react-aria-components/Group";
import type { Attribution, ReferenceInfo } from "../../../workers/contract.ts";
import { useAction, useIsAvailable } from "../../actions/app-context.tsx";
import { correctReference, nameSubcategory } from "../../actions/edit-bank.ts";
import { Button } from "../../ui/button.tsx";
import { ReferenceImage } from "../reference-image.tsx";
import { SOURCE_WORDS } from "./sources.ts";

/** A link out of the page, or its text where there is no address. */
function Outside({ href, children }: { readonly href: string; readonly children: string }) {
  if (href === "") return <>{children}</>;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  );
}

function Credit({ attribution }: { readonly attribution: Attribution }) {
  const { title, author, licence, licenceUrl, pageUrl, provider } = attribution;
  return (
    <p className="small">
      <Outside href={pageUrl}>{title || "Untitled"}</Outside> by {author || "an unknown author"},{" "}
      <Outside href={licenceUrl}>{licence || "licence unknown"}</Outside>, found by {provider}
    </p>
  );
}

/** One reference in full: what it looks like, where it came from, whose it is, and what it is part of. */
export function ReferenceDetails({ reference }: { readonly reference: ReferenceInfo }) {
  const { id, provenance, source, subcategory, attribution } = reference;
  const field = useId();
  const [text, setText] = useState(subcategory ?? "");
  const name = useAction(nameSubcategory);
  const correct = useAction(correctReference);
  const canCorrect = useIsAvailable(correctReference) && source !== "pictogram";
  const finish = (): void => {
    if (text.trim() !== (subcategory ?? "")) name({ references: [id], subcategory: text });
  };
  return (
    <Group className="bank-reference" aria-label={provenance}>
      <ReferenceImage id={id} alt={provenance} />
      <div className="bank-reference-text">
        <p className="bank-provenance" dir="auto">
          {provenance}
        </p>
        <p className="small muted">{SOURCE_WORDS[source]}</p>
        {attribution && <Credit attribution={attribution} />}
        <div className="bank-subcategory">
          <label htmlFor={field} className="small">
            Sub-category
          </label>
          <input
            id={field}
            className="input"
            value={text}
            dir="auto"
            placeholder="none"
            onChange={(event) => setText(event.target.value)}
            onBlur={finish}
            onKeyDown={(event) => event.key === "Enter" && finish()}
          />
        </div>
        {canCorrect && (
          <Button small icon="example" onPress={() => correct(id)}>
            Correct its outline…
          </Button>
        )}
      </div>
    </Group>
  );
}
