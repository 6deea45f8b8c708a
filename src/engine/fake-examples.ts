import type { ExampleCalls, Failure, JobOptions, Localised, RegionChoice, Stage } from "../../workers/contract.ts";

/** What the fake engine lends to its calls about examples. */
interface FakeParts {
  readonly calls: string[];
  readonly pass: (stages: readonly Stage[], subject: string, job?: JobOptions) => Promise<void>;
}

/** Every picture shows its thing in stripe 3; one named "bad…" cannot be read. */
export function fakeExampleCalls({ calls, pass }: FakeParts, choice: (stripe: number) => RegionChoice): ExampleCalls {
  return {
    async localise(pictures, _classId, job) {
      const found: Localised[] = [];
      for (const picture of pictures) {
        calls.push(`localise ${picture.name}`);
        await pass(["localise"], picture.name, job);
        const failure: Failure | null = picture.name.startsWith("bad")
          ? { code: "picture-unreadable", message: `${picture.name} could not be read as a picture.`, data: {} }
          : null;
        found.push({ choice: failure ? null : choice(3), failure });
      }
      return found;
    },
    async refine(picture, { start, box, positive, negative }, job) {
      calls.push(`refine ${picture.name} ${start} ${box ? "box " : ""}+${positive.length} -${negative.length}`);
      await pass(["propose"], picture.name, job);
      return choice(Math.min(5, positive.length));
    },
  };
}
