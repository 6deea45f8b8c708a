import { readFileSync } from "node:fs";
import type { Upload } from "./app.ts";
import { decodePng } from "./decode-png.ts";

/** A sample scene as public/samples/samples.json lists it. */
export interface Scene {
  readonly file: string;
  readonly mask: string;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** The n-th has the value n in the mask. */
  readonly classes: readonly string[];
  readonly suggest: readonly string[];
}

const read = (file: string): Buffer => readFileSync(new URL(`../public/samples/${file}`, import.meta.url));

/** All scenes that ship with the app. */
export function allScenes(): readonly Scene[] {
  return (JSON.parse(read("samples.json").toString("utf8")) as { samples: Scene[] }).samples;
}

/** The scene of that file name without its ending. */
export function sceneNamed(stem: string): Scene {
  const scene = allScenes().find(({ file }) => file === `${stem}.webp`);
  if (!scene) throw new Error(`There is no scene ${stem} in public/samples.`);
  return scene;
}

export function sceneUpload({ file }: Scene): Upload {
  return { name: file, mimeType: "image/webp", buffer: read(file) };
}

/** Whether each pixel of a scene truly belongs to a class, row by row. */
export function truthOf(scene: Scene, className: string): readonly boolean[] {
  const value = scene.classes.indexOf(className) + 1;
  if (value === 0) throw new Error(`There is no ${className} in ${scene.name}.`);
  return Array.from(decodePng(read(scene.mask)).data, (entry) => entry === value);
}

/** Pixels in both over pixels in either. */
export function overlap(found: readonly boolean[], truth: readonly boolean[]): number {
  let both = 0;
  let either = 0;
  for (const [at, isTrue] of truth.entries()) {
    if (isTrue && found[at]) both += 1;
    if (isTrue || found[at]) either += 1;
  }
  return either === 0 ? 0 : both / either;
}

/** A place well inside a class, as shares of width and height: the pixel farthest from everything else, roughly. */
export function placeInside(scene: Scene, className: string): { readonly x: number; readonly y: number } {
  const truth = truthOf(scene, className);
  const { width, height } = scene;
  const isAll = (left: number, top: number, side: number): boolean => {
    for (let y = top; y < top + side; y += 1) {
      for (let x = left; x < left + side; x += 1) if (!truth[y * width + x]) return false;
    }
    return true;
  };
  for (let side = Math.floor(height / 3); side > 0; side = Math.floor(side * 0.8)) {
    const step = Math.max(1, side >> 2);
    for (let top = 0; top + side <= height; top += step) {
      for (let left = 0; left + side <= width; left += step) {
        if (isAll(left, top, side)) return { x: (left + side / 2) / width, y: (top + side / 2) / height };
      }
    }
  }
  throw new Error(`No ${className} can be seen in ${scene.name}.`);
}
