/** What the values of an exported label map stand for. */
export interface ClassesFile {
  readonly version: 1;
  /** File name of the picture. */
  readonly picture: string;
  /** Pixels of the label map, and of the picture. */
  readonly width: number;
  readonly height: number;
  /** In the order of their index; 0 is "other". */
  readonly classes: readonly ExportedClass[];
}

export interface ExportedClass {
  /** Value in the label map. */
  readonly index: number;
  readonly name: string;
  /** #rrggbb. */
  readonly colour: string;
  /** Share of the picture, 0..1, to six decimals. */
  readonly share: number;
}

const OTHER = { name: "other", colour: "#000000" } as const;

/**
 * Text of the JSON file that goes with an indexed PNG.
 * @param otherShare share of the picture that no class got, 0..1
 * @param classes in palette order: the first has index 1
 */
export function classesJson(
  picture: { readonly name: string; readonly width: number; readonly height: number },
  otherShare: number,
  classes: readonly Omit<ExportedClass, "index">[],
): string {
  const file: ClassesFile = {
    version: 1,
    picture: picture.name,
    width: picture.width,
    height: picture.height,
    classes: [{ ...OTHER, share: otherShare }, ...classes].map(({ name, colour, share }, index) => ({
      index,
      name,
      colour,
      share: Math.round(share * 1e6) / 1e6,
    })),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}
