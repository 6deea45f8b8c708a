import type { DatasetFile } from "../../workers/contract.ts";
import type { CanvasControls, PageServices } from "./action.ts";
import { rasteriseSvg } from "./rasterise-svg.ts";

function pickFiles({ accept, multiple }: { accept: string; multiple: boolean }): Promise<readonly File[]> {
  const input = document.createElement("input");
  input.accept = accept;
  input.multiple = multiple;
  return filesOf(input);
}

async function pickFolder(): Promise<readonly DatasetFile[]> {
  const input = document.createElement("input");
  input.webkitdirectory = true;
  const files = await filesOf(input);
  return files.map((file) => ({ path: file.webkitRelativePath || file.name, blob: file }));
}

/** What the person chooses in the dialog of a field for files. */
function filesOf(input: HTMLInputElement): Promise<readonly File[]> {
  input.type = "file";
  input.hidden = true;
  // In the document, or Safari may collect it before the person has chosen.
  document.body.append(input);
  return new Promise((resolve) => {
    const finish = (): void => {
      resolve([...(input.files ?? [])]);
      input.remove();
    };
    input.addEventListener("change", finish, { once: true });
    input.addEventListener("cancel", finish, { once: true });
    input.click();
  });
}

async function readClipboard(): Promise<readonly File[]> {
  try {
    const items = await navigator.clipboard.read();
    const pictures = items.flatMap((item) => {
      const type = item.types.find((one) => one.startsWith("image/"));
      return type === undefined ? [] : [{ item, type }];
    });
    return await Promise.all(
      pictures.map(async ({ item, type }) => new File([await item.getType(type)], "clipboard", { type })),
    );
  } catch {
    // Refused, or a browser without it: as if there were nothing. Ctrl+V works there all the same.
    return [];
  }
}

function saveFile(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The download has its own hold on the blob once it has begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The field for class names carries this id; it may be behind another tab until the next frame. */
export const CLASS_FIELD_ID = "class-names";

function focusClassField(): void {
  requestAnimationFrame(() => document.getElementById(CLASS_FIELD_ID)?.focus());
}

/** The page's services in a real browser. */
export function createBrowserPage(): PageServices {
  let canvas: CanvasControls | null = null;
  return {
    pickFiles,
    pickFolder,
    readClipboard,
    saveFile,
    rasteriseSvg,
    focusClassField,
    get canvas() {
      return canvas;
    },
    connectCanvas(controls) {
      canvas = controls;
    },
  };
}
