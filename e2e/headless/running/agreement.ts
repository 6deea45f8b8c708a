import type { NodeEngine } from "./node-engine.ts";
import { AppRun } from "./app-run.ts";
import { describedPicture } from "./descriptions.ts";
import type { Material, Wanted } from "./prepare.ts";
import { classesOf, segmentHanded } from "./segment-pictures.ts";
import { teach, typeClasses } from "./teach.ts";
import { enlarged } from "../../../workers/results.ts";

/** The way to the same result through the app itself. */
interface Way {
  /** Whether the names of the data's classes are typed. */
  readonly typed: boolean;
  /** Whether the bank's things are given as examples. */
  readonly examples: boolean;
  readonly threshold: number;
}

/**
 * Takes pictures through the app itself, from its classes to its labels, and compares with what the engine in Node says.
 * @returns for each picture the share of pixels that have the same label
 */
export async function agreementWithApp(
  engine: NodeEngine,
  material: Material,
  wanted: Wanted,
  { typed, examples, threshold }: Way,
  count: number,
): Promise<{ readonly file: string; readonly share: number }[]> {
  const { data, bank, bankPictures } = material;
  const pictures = material.pictures.slice(0, count);
  const run = await AppRun.open(wanted);
  try {
    // What was seen before need not be seen again: the engine gets it as it was.
    for (const picture of [...(examples ? bankPictures : []), ...pictures]) await picture.hand(run);
    if (typed) await typeClasses(run, data.classes);
    if (examples && bank) await teach(run, bank, data.classes, wanted.leastArea);
    const known = new Map((await classesOf(run)).map((one) => [one.name, one.id]));
    // Without typing, a class that the bank has nothing of is not there: it could not win either.
    const taking = data.classes.flatMap((name, index) => {
      const [inApp, here] = [known.get(name), engine.classes[index]];
      return inApp && here ? [{ inApp, here }] : [];
    });
    await run.hand(pictures.map(({ path }) => path));
    const agreements = [];
    for (const [at, picture] of pictures.entries()) {
      const ids = taking.map(({ inApp }) => inApp);
      const { classMap, width, height } = await segmentHanded(run, at, ids, threshold);
      const described = describedPicture(picture.description(), engine.bank.whitening.photo);
      const labelled = await engine.label(described, { classes: taking.map(({ here }) => here), threshold });
      const { data: labels } = enlarged(labelled, width, height);
      const same = classMap.reduce((sum, label, pixel) => sum + (label === labels[pixel] ? 1 : 0), 0);
      agreements.push({ file: picture.file, share: same / classMap.length });
    }
    return agreements;
  } finally {
    await run.close();
  }
}
