import type { BankDescription, DescribedReference, DeveloperCalls, PictureDescription } from "../contract.ts";
import type { EngineCore } from "../engine-core.ts";
import type { DescribedPicture, Timings } from "../pictures.ts";
import type { ReferenceDescriptor } from "../references/bank/bank.ts";

/** What only developers, measurements and tests ask for. */
export function developerCalls(core: EngineCore): DeveloperCalls {
  return {
    describePicture: (picture, job) =>
      core.job(null, job, async (context) => {
        const described = await core.describe(picture, context);
        const { session } = core.ready();
        const tokens = await core.pictures.rawTokens(described.image, session, context);
        return descriptionOf(described, tokens.data.slice(), session.info.id, context.timings);
      }),

    async rememberTokens(hash, tokens) {
      core.pictures.rememberTokens(core.ready().session.info.id, hash, tokens);
    },

    describeBank: (job) =>
      core.job(null, job, async (context) => {
        await core.learn(context);
        return bankDescription(core);
      }),

    async counters() {
      const { machine } = core.use();
      const { buffers, textures, bytes } = machine.gpu?.counters.read() ?? { buffers: 0, textures: 0, bytes: 0 };
      return { buffers, textures, bytes, wasmBytes: machine.wasmBytes, cachedPictures: core.pictures.size };
    },

    async fault(kind) {
      if (kind === "lose-device") core.use().machine.gpu?.device.destroy();
      else if (kind === "crash") self.close();
      else for (;;);
    },
  };
}

/** A copy to be given away. */
function descriptionOf(
  { image, tokens: { rows, columns, dimensions }, regions }: DescribedPicture,
  tokens: Float32Array<ArrayBuffer>,
  model: PictureDescription["model"],
  timings: Timings,
): PictureDescription {
  const { hash, width, height, originalWidth, originalHeight } = image;
  const { tree } = regions;
  return {
    model,
    hash,
    width,
    height,
    originalWidth,
    originalHeight,
    pixels: image.pixels.slice(),
    rows,
    columns,
    dimensions,
    tokens,
    scores: regions.scores.slice(),
    leaves: tree?.leaves ?? 0,
    parent: tree?.parent.slice() ?? new Int32Array(),
    leafMap: tree?.leafMap.slice() ?? new Uint16Array(),
    runs: tree ? new Uint32Array() : regions.runs.slice(),
    offsets: tree ? new Uint32Array() : regions.offsets.slice(),
    timings,
  };
}

function bankDescription(core: EngineCore): BankDescription {
  const { bank } = core.use();
  const { session, profile } = core.ready();
  const { id: model, dimensions } = session.info;
  const known = new Map(bank.snapshot().classes.flatMap(({ references }) => references.map((one) => [one.id, one])));
  const parts = bank.partsOf(model);
  const described = ({ referenceId: id, domain, vector }: ReferenceDescriptor): DescribedReference => {
    const { source = "example", provenance = "" } = known.get(id) ?? {};
    return { id, source, provenance, domain, vector };
  };
  return {
    model,
    dimensions,
    classes: bank.descriptorsOf(model).map(({ classId, name, references }, index) => ({
      id: classId,
      name,
      references: references.map(described),
      parts: (parts[index]?.parts ?? []).map((part) =>
        Object.assign(described(part), { inside: part.inside, patches: part.patches }),
      ),
    })),
    surroundings: bank.surroundingsOf(model).map(described),
    whitening: profile,
  };
}
