import type { Attribution } from "../../workers/contract.ts";

function Linked({ text, address }: { readonly text: string; readonly address: string }) {
  return address === "" ? (
    <bdi>{text}</bdi>
  ) : (
    <a href={address} target="_blank" rel="noopener noreferrer">
      <bdi>{text}</bdi>
    </a>
  );
}

/** Whose a photograph is, where it was found, and under which licence. */
export function Credit({ attribution }: { readonly attribution: Attribution }) {
  const { author, licence, licenceUrl, pageUrl, provider } = attribution;
  return (
    <span className="credit small muted">
      <bdi>{author === "" ? "Author not stated" : author}</bdi>, <Linked text={licence} address={licenceUrl} />,{" "}
      <Linked text={provider} address={pageUrl} />
    </span>
  );
}
