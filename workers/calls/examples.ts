import { EngineError, type ExampleCalls, type Failure, type Localised } from "../contract.ts";
import type { EngineCore } from "../engine-core.ts";
import { outlineOf } from "../examples.ts";
import { knownExamples, localise, type Sighting, sightingOf } from "../localising.ts";
import type { StageContext } from "../pictures.ts";
import { refinedMask } from "../proposals/refine.ts";
import { toFailure } from "../wire-host.ts";

/** What example pictures show. */
export function exampleCalls(core: EngineCore): ExampleCalls {
  return {
    localise: (pictures, classId, job) =>
      core.job(null, job, async (context) => {
        const seen: (Sighting | Failure)[] = [];
        for (const [done, picture] of pictures.entries()) {
          context.onProgress?.({ stage: "localise", done, total: pictures.length });
          seen.push(await orFailure(async () => sightingOf(await core.describe(picture, quiet(context)))));
        }
        const sightings = seen.filter((one) => "candidates" in one);
        const choices = localise(sightings, knownExamples(core.use().bank, classId, core.ready()));
        let next = 0;
        return seen.map((one): Localised => {
          if (!("candidates" in one)) return { choice: null, failure: one };
          next += 1;
          return { choice: choices[next - 1] ?? null, failure: null };
        });
      }),

    refine: (picture, refinement, job) =>
      core.job(`proposals ${picture.id}`, job, async (context) => {
        const { regions } = await core.describe(picture, context);
        return outlineOf(refinedMask(regions, refinement), regions.width);
      }),
  };
}

/** The stages of each picture are not told: progress counts pictures. */
const quiet = (context: StageContext): StageContext => ({ ...context, onProgress: undefined });

/** What is wrong with one picture is said of that picture; anything else ends the whole work. */
async function orFailure<Value>(work: () => Promise<Value>): Promise<Value | Failure> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof EngineError && cause.code.startsWith("picture-")) return toFailure(cause);
    throw cause;
  }
}
