/** Every way in which the engine, or the way to it, can fail: the code, and what a person can do about it. */
export const ADVICE = {
  cancelled: "Nothing to do: it was stopped on purpose.",
  "picture-unreadable": "Open the file in another program and save it as PNG or JPEG, then try again.",
  "picture-not-an-image": "Drop JPEG, PNG, WebP, AVIF, GIF, BMP or SVG pictures.",
  "picture-empty": "The file has no content. Copy it again from where it came from.",
  "picture-too-large": "Make the picture smaller (up to 100 megapixels) and try again.",
  "picture-missing": "The picture is no longer in the gallery. Add it again.",
  "model-not-onnx": "Choose an .onnx file. A download that was cut short looks like this too: fetch it again.",
  "model-wrong-contract": "Choose a DINOv2-style feature model: input pixel_values, output last_hidden_state.",
  "model-damaged": "The file does not match its checksum. Fetch or install it again.",
  "model-missing": "Load a feature model in the Models panel.",
  "model-failed": "Try again; if it fails again, switch to WASM in Settings or choose a smaller model.",
  "gpu-unavailable": "Lookalike goes on without the GPU, more slowly. A current Chrome, Edge or Safari has WebGPU.",
  "gpu-lost": "The graphics device was reset. Lookalike has started it again; repeat the last step if it is missing.",
  "out-of-memory": "Close other tabs, use smaller pictures or a smaller model, then try again.",
  "storage-unavailable": "This browser refuses storage (private window?). Everything works, but is gone on reload.",
  "storage-full": "The disk quota is used up. Remove pictures or models, or export and clear the bank.",
  "storage-damaged": "A stored record could not be read and was set aside; the rest was kept.",
  "dataset-unreadable":
    "Give a folder with annotations in COCO's format, with label pictures, or with a folder of pictures for each class.",
  "class-invalid": "Give the class a name of its own, with at least one visible character and at most 200.",
  "class-missing": "The class was removed, perhaps in another tab. Add it again.",
  "bank-missing": "The bank was removed, perhaps in another tab. Choose another one.",
  "bank-file-invalid": "Choose a file that Lookalike saved. A download that was cut short looks like this too.",
  "bank-file-newer": "Open it in a current Lookalike: reload this page, or use the one that it was saved with.",
  "undo-outdated":
    "Nothing was undone. What is there now was changed later, perhaps in another tab; change it by hand.",
  "reference-missing": "The example was removed, perhaps in another tab.",
  "region-missing": "There is no region at that place. Click inside the picture.",
  "masks-invalid": "Give masks that belong to the picture: of its shape, with at least one pixel each.",
  "photos-busy": "Try again after that time. What was found before is kept and needs no search.",
  "photos-unreachable": "Check the connection, then try again. Everything else works offline.",
  "photos-unusable": "Try again later, or show examples of your own.",
  "engine-lost": "The engine stopped and was started again. Repeat the last step.",
  "engine-stuck": "The engine did not answer for a long time and was started again. Try a smaller picture or model.",
  "engine-unsupported": "This browser lacks module workers or WebAssembly. Use a current browser.",
  "app-file-missing":
    "A part of the app could not be fetched. Check the connection to where it is served, then try again.",
  internal: "This is a defect in Lookalike. Reload the page; your pictures and classes are kept.",
} as const satisfies Record<string, string>;

export type ErrorCode = keyof typeof ADVICE;

/** A failure as it crosses the worker boundary: whole, unlike an Error. */
export interface Failure {
  readonly code: ErrorCode;
  /** One plain sentence that names the thing that failed. Text, never markup. */
  readonly message: string;
  /** Facts for a log or a bug report; values are structured-clonable. */
  readonly data: Readonly<Record<string, string | number | boolean>>;
}

/** The one error type of the engine and of its proxy. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: ErrorCode;
  readonly data: Failure["data"];

  constructor(code: ErrorCode, message: string, data: Failure["data"] = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.data = data;
  }

  /** What the person can do next. */
  get advice(): string {
    return ADVICE[this.code];
  }
}
