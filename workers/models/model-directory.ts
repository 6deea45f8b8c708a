import { EngineError } from "../contract.ts";

/** A flat folder of files that this origin keeps. */
export interface ModelDirectory {
  /** False when the files are gone with the page. */
  readonly persists: boolean;
  names(): Promise<string[]>;
  /** The file, or null when there is none. */
  read(name: string): Promise<Blob | null>;
  /** Makes or replaces a file. @throws EngineError storage-full, storage-unavailable. */
  write(name: string, content: Blob): Promise<void>;
  /** Removes a file; none by that name is no error. */
  remove(name: string): Promise<void>;
}

/** Lives as long as the worker: where storage is refused. */
export class MemoryModelDirectory implements ModelDirectory {
  readonly persists = false;
  readonly #files = new Map<string, Blob>();

  names(): Promise<string[]> {
    return Promise.resolve([...this.#files.keys()]);
  }

  read(name: string): Promise<Blob | null> {
    return Promise.resolve(this.#files.get(name) ?? null);
  }

  write(name: string, content: Blob): Promise<void> {
    this.#files.set(name, content);
    return Promise.resolve();
  }

  remove(name: string): Promise<void> {
    this.#files.delete(name);
    return Promise.resolve();
  }
}

const PIECE = 8 * 2 ** 20;

const isNamed = (cause: unknown, name: string): boolean => cause instanceof Error && cause.name === name;

/** The error of a write that did not work. */
export function toStorageError(cause: unknown, file: string): EngineError {
  if (cause instanceof EngineError) return cause;
  const data = { file, detail: String(cause) };
  if (isNamed(cause, "QuotaExceededError")) {
    return new EngineError("storage-full", "The disk quota does not hold the model.", data, cause);
  }
  return new EngineError("storage-unavailable", "The browser refused to store the model.", data, cause);
}

/** A folder of the origin private file system. Writing uses synchronous handles, which every browser has in a worker. */
class OpfsModelDirectory implements ModelDirectory {
  readonly persists = true;
  readonly #folder: FileSystemDirectoryHandle;

  constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  async names(): Promise<string[]> {
    const names: string[] = [];
    for await (const [name, handle] of this.#folder.entries()) if (handle.kind === "file") names.push(name);
    return names;
  }

  async read(name: string): Promise<Blob | null> {
    try {
      return await (await this.#folder.getFileHandle(name)).getFile();
    } catch (cause) {
      if (isNamed(cause, "NotFoundError")) return null;
      throw new EngineError("storage-unavailable", "A stored model could not be read.", { file: name }, cause);
    }
  }

  async write(name: string, content: Blob): Promise<void> {
    try {
      const file = await this.#folder.getFileHandle(name, { create: true });
      const access = await file.createSyncAccessHandle();
      try {
        access.truncate(0);
        for (let at = 0; at < content.size; at += PIECE) {
          const piece = new Uint8Array(await content.slice(at, at + PIECE).arrayBuffer());
          if (access.write(piece, { at }) !== piece.length) {
            throw new EngineError("storage-full", "The disk does not hold the model.", { file: name });
          }
        }
        access.flush();
      } finally {
        access.close();
      }
    } catch (cause) {
      // Half a file must not look like a whole one.
      await this.remove(name).catch(() => undefined);
      throw toStorageError(cause, name);
    }
  }

  async remove(name: string): Promise<void> {
    try {
      await this.#folder.removeEntry(name);
    } catch (cause) {
      if (!isNamed(cause, "NotFoundError")) throw toStorageError(cause, name);
    }
  }
}

/** The folder for models: in the origin private file system, or in memory where the browser refuses that. */
export async function openModelDirectory(folder: string): Promise<ModelDirectory> {
  try {
    if (!("createSyncAccessHandle" in FileSystemFileHandle.prototype)) return new MemoryModelDirectory();
    const root = await navigator.storage.getDirectory();
    return new OpfsModelDirectory(await root.getDirectoryHandle(folder, { create: true }));
  } catch {
    return new MemoryModelDirectory();
  }
}
