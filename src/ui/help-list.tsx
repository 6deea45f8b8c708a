/** Keys and what they do. */
export function HelpList({
  entries,
}: {
  readonly entries: readonly { readonly label: string; readonly keys: string }[];
}) {
  return (
    <dl className="help-list">
      {entries.map((entry) => (
        <div key={entry.label}>
          <dt>{entry.label}</dt>
          <dd>
            <kbd>{entry.keys}</kbd>
          </dd>
        </div>
      ))}
    </dl>
  );
}
