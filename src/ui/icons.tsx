/** Our own line icons on a 20 x 20 grid; each is one path. */
const PATHS = {
  add: "M10 4v12M4 10h12",
  alert: "M10 3.5 17.5 16.5h-15ZM10 8.5v3.5M10 14.2v.1",
  back: "M12.5 4.5 7 10l5.5 5.5",
  bank: "M3.5 4.5h4.5v4.5H3.5ZM12 4.5h4.5v4.5H12ZM3.5 11.5h4.5V16H3.5ZM12 11.5h4.5V16H12Z",
  check: "M4.5 10.5 8.5 14.5 15.5 6",
  close: "M5 5l10 10M15 5 5 15",
  compare: "M10 3v14M3.5 5h13v10h-13ZM10 5h6.5v10H10",
  down: "M5.5 8 10 12.5 14.5 8",
  download: "M10 3.5v8.5M6.5 9 10 12.5 13.5 9M4 16h12",
  example: "M3.5 7V3.5H7M13 3.5h3.5V7M16.5 13v3.5H13M7 16.5H3.5V13M10 7v6M7 10h6",
  eye: "M2.5 10S5.5 5 10 5s7.5 5 7.5 5-3 5-7.5 5-7.5-5-7.5-5ZM10 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
  eyeOff:
    "M4 4l12 12M8 5.3A7 7 0 0 1 10 5c4.5 0 7.5 5 7.5 5a13 13 0 0 1-2 2.5M5 7.3A13 13 0 0 0 2.5 10s3 5 7.5 5a7 7 0 0 0 2.5-.5",
  fit: "M3.5 7V3.5H7M13 3.5h3.5V7M16.5 13v3.5H13M7 16.5H3.5V13",
  heat: "M10 17a5 5 0 0 1-5-5c0-4 4.5-5 4-9 3 1.5 6 4.5 6 9A5 5 0 0 1 10 17ZM10 17a2 2 0 0 1-2-2c0-1.5 2-2.5 2-4 1.2 1 2 2.5 2 4a2 2 0 0 1-2 2Z",
  help: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM8 8.2a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M10 13.6v.1",
  info: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 9.5v4M10 6.6v.1",
  more: "M5 10h.1M10 10h.1M15 10h.1",
  picture: "M3.5 4.5h13v11h-13ZM3.5 13l4-4 4 4 2-2 3 3M12.8 7.8h.1",
  rename: "M4 16l.8-3.5L13.5 3.8l2.7 2.7L7.5 15.2ZM11.8 5.5l2.7 2.7",
  redo: "M12.5 4 16 7.5 12.5 11M16 7.5H8.5a4.25 4.25 0 0 0 0 8.5H12",
  retry: "M16 10a6 6 0 1 1-1.8-4.3M16 3v3.5h-3.5",
  search: "M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM13 13l4 4",
  settings:
    "M3 6.5h7M14.5 6.5H17M12.2 8.7a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4ZM3 13.5h2.5M10 13.5h7M7.7 15.7a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
  solo: "M10 16.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  stop: "M5.5 5.5h9v9h-9Z",
  trash: "M4 6h12M8 6V4h4v2M5.5 6l.8 10.5h7.4L14.5 6M8.5 9v4.5M11.5 9v4.5",
  undo: "M7.5 4 4 7.5 7.5 11M4 7.5h7.5a4.25 4.25 0 0 1 0 8.5H8",
  zoomIn: "M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM13 13l4 4M9 6.8v4.4M6.8 9h4.4",
  zoomOut: "M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM13 13l4 4M6.8 9h4.4",
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration only: whatever carries it has a text of its own. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
