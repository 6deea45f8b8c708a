import { useEffect, useRef, useState } from "react";
import { markDropPlace } from "./drop-places.ts";
import { PICTURE_ITEM } from "./item-drop.ts";

async function entriesOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];
  // A reader gives its entries in batches; an empty one is the end.
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return all;
    all.push(...batch);
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** A file that was dropped or pasted. */
export interface DroppedFile {
  /** Folders and name, with "/" between them; the name alone for a file that came in no folder. */
  readonly path: string;
  readonly file: File;
}

async function filesBelow(entry: FileSystemEntry): Promise<DroppedFile[]> {
  if (isFile(entry)) {
    // What systems hide is not meant.
    if (entry.name.startsWith(".")) return [];
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ path: entry.fullPath.replace(/^\//u, ""), file }];
  }
  if (!isDirectory(entry)) return [];
  const entries = (await entriesOf(entry)).sort((a, b) => a.name.localeCompare(b.name));
  const nested = await Promise.all(entries.map((child) => filesBelow(child)));
  return nested.flat();
}

/** A slash in the name of a single file is no folder. */
const loosely = (file: File): DroppedFile => ({ path: file.name.replaceAll("/", "_"), file });

/** The files of a drop or a paste; folders are looked through, in order of name. */
async function filesOf(transfer: DataTransfer): Promise<DroppedFile[]> {
  // All must be read before the first wait: the browser empties the list after the event.
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const directories = items
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null && isDirectory(entry));
  if (directories.length === 0) return [...transfer.files].map(loosely);
  const loose = items.flatMap((item) => {
    const entry = item.webkitGetAsEntry();
    const file = entry && isDirectory(entry) ? null : item.getAsFile();
    return file ? [loosely(file)] : [];
  });
  const nested = await Promise.all(directories.map((entry) => (entry ? filesBelow(entry) : Promise.resolve([]))));
  return [...loose, ...nested.flat()];
}

/** A picture of the page itself that is dragged offers itself as a file as well. */
const carriesFiles = ({ dataTransfer }: DragEvent): boolean =>
  (dataTransfer?.types.includes("Files") && !dataTransfer.types.includes(PICTURE_ITEM)) ?? false;

/**
 * Takes files dropped anywhere on the window, or pasted. `onFiles` hears what lay below the pointer, or has the keyboard
 * when they are pasted, so that a class can take them as something else than the canvas does. Returns whether files are
 * being dragged over the window.
 */
export function useFileDrop(onFiles: (files: readonly DroppedFile[], target: Element | null) => void): boolean {
  const [dragging, setDragging] = useState(false);
  const handler = useRef(onFiles);
  useEffect(() => {
    handler.current = onFiles;
  });

  useEffect(() => {
    const life = new AbortController();
    const { signal } = life;
    const take = (transfer: DataTransfer, target: Element | null): void => {
      filesOf(transfer).then(
        (files) => {
          if (files.length > 0) handler.current(files, target);
        },
        // A folder that vanished while it was read gives nothing.
        () => undefined,
      );
    };
    const onDragOver = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      markDropPlace(event.target instanceof Element ? event.target : null);
      setDragging(true);
    };
    const onDragLeave = (event: DragEvent): void => {
      // Only leaving the window has nothing to go to.
      if (event.relatedTarget !== null) return;
      markDropPlace(null);
      setDragging(false);
    };
    const onDrop = (event: DragEvent): void => {
      setDragging(false);
      markDropPlace(null);
      if (!event.dataTransfer || !carriesFiles(event)) return;
      event.preventDefault();
      take(event.dataTransfer, event.target instanceof Element ? event.target : null);
    };
    const onPaste = (event: ClipboardEvent): void => {
      if (!event.clipboardData || event.clipboardData.files.length === 0) return;
      event.preventDefault();
      take(event.clipboardData, document.activeElement);
    };
    window.addEventListener("dragover", onDragOver, { signal });
    window.addEventListener("dragleave", onDragLeave, { signal });
    window.addEventListener("drop", onDrop, { signal });
    window.addEventListener("paste", onPaste, { signal });
    return () => life.abort();
  }, []);
  return dragging;
}
