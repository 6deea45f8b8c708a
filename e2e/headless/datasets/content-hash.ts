import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** SHA-256 of a text, hexadecimal. */
export const textHash = (text: string): string => createHash("sha256").update(text).digest("hex");

/** SHA-256 of a file, hexadecimal. */
export const fileHash = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");
