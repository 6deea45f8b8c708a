/** The colour behind the picture, as the style sheet and the theme have it. */

/** #rrggbb of a computed colour; black when it is none that can be read. */
export function hexColour(computed: string): string {
  const channels =
    computed
      .match(/[\d.]+/g)
      ?.slice(0, 3)
      .map(Number) ?? [];
  if (!computed.startsWith("rgb") || channels.length < 3) return "#000000";
  const hex = channels.map((channel) => Math.round(Math.min(255, channel)).toString(16).padStart(2, "0"));
  return `#${hex.join("")}`;
}

/** Calls back when the theme may have changed, by the system or by the person. Returns the way to stop. */
export function watchTheme(changed: () => void): () => void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const observer = new MutationObserver(changed);
  dark.addEventListener("change", changed);
  observer.observe(document.documentElement, { attributes: true });
  return () => {
    dark.removeEventListener("change", changed);
    observer.disconnect();
  };
}
