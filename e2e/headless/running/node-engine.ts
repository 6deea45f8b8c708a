import { calibrate } from "../../../workers/calibrating.ts";
import type {
  BankDescription,
  Calibration,
  ClassId,
  HarvestCandidate,
  MatchSettings,
  PictureId,
} from "../../../workers/contract.ts";
import { poolOnCpu } from "../../../workers/features/pooling/pooling.cpu.ts";
import { HarvestPool } from "../../../workers/harvest-pool.ts";
import type { RegionSet } from "../../../workers/imaging/region-set.ts";
import { type Labelled, Labelling, type Matching, type ModelInUse } from "../../../workers/labelling.ts";
import { type DescribedBank, type MatchTable, MatchTables } from "../../../workers/match-table.ts";
import { CpuMatcher, type MatchResult } from "../../../workers/matching/matcher.ts";
import type { DescribedPicture, StageContext, Timings } from "../../../workers/pictures.ts";

/** The bank as the match asks for it. */
function viewOf({ classes, surroundings }: BankDescription): DescribedBank {
  const row = ({ id, domain, vector }: BankDescription["surroundings"][number]) => ({
    referenceId: id,
    domain,
    vector,
  });
  const pieces = classes.map(({ id, parts }) => ({
    classId: id,
    parts: parts.map((part) => ({ ...row(part), inside: part.inside, patches: part.patches })),
  }));
  const described = classes.map(({ id, name, references }) => ({ classId: id, name, references: references.map(row) }));
  const around = surroundings.map(row);
  return {
    snapshot: () => ({ revision: 1 }),
    descriptorsOf: () => described,
    surroundingsOf: () => around,
    partsOf: () => pieces,
  };
}

/**
 * The engine's own match, from described pictures to labels, in Node: the very modules that run in the app's worker,
 * on the CPU. What it gives is what the app gives (e2e/specs/headless.spec.ts).
 */
export class NodeEngine {
  readonly bank: BankDescription;
  readonly #tables: MatchTables;
  readonly #labelling: Labelling;
  readonly #model: ModelInUse;
  readonly #matching: Matching = { matcher: new CpuMatcher(), pool: async (...given) => poolOnCpu(...given) };
  /** A picture that comes again is only labelled anew. */
  readonly #ids = new WeakMap<DescribedPicture, PictureId>();
  #pictures = 0;

  constructor(bank: BankDescription) {
    this.bank = bank;
    this.#tables = new MatchTables(viewOf(bank));
    this.#labelling = new Labelling(this.#tables);
    const { model: id, dimensions, whitening } = bank;
    this.#model = { session: { info: { id, dimensions } }, profile: whitening };
  }

  /** Ids of all classes, in their order. */
  get classes(): readonly ClassId[] {
    return this.bank.classes.map(({ id }) => id);
  }

  /** The references of all classes as the match has them. */
  match(): MatchTable {
    const { model, dimensions, whitening } = this.bank;
    return this.#tables.tableOf(model, dimensions, whitening, this.classes);
  }

  /** How often what it names is expected to be wrong. @param wanted classes that take part */
  calibration(wanted: readonly ClassId[] = this.classes): Calibration {
    const { model, dimensions, whitening, classes } = this.bank;
    const origins = [...classes, { references: this.bank.surroundings }];
    return calibrate(this.#tables.tableOf(model, dimensions, whitening, wanted), origins);
  }

  /** Labels a picture. @param timings gets the milliseconds of the stages */
  label(described: DescribedPicture, settings: MatchSettings, timings: Timings = {}): Promise<Labelled> {
    const picture = { id: this.#ids.get(described) ?? (`picture ${(this.#pictures += 1)}` as PictureId) };
    this.#ids.set(described, picture.id);
    return this.#labelling.label(picture, described, this.#model, this.#matching, settings, contextOf(timings));
  }

  /** The pool of regions that the app keeps, and what it offers from it. */
  harvest(): NodeHarvest {
    const pool = new HarvestPool();
    const { id } = this.#model.session.info;
    return {
      take: (picture, labelled) => pool.take(picture, id, labelled),
      harvest: async (pictures, settings) => {
        const wanted = pictures.map((picture) => ({
          source: { id: picture, name: "", blob: new Blob([]) },
          dismissed: [],
        }));
        const match = this.#labelling.tableOf(this.#model, settings.classes);
        return (await pool.harvest(wanted, settings, id, match, this.bank.classes, this.#matching)).candidates;
      },
    };
  }

  /** Ranks masks of a picture one by one. */
  rankMasks(described: DescribedPicture, masks: RegionSet, classes: readonly ClassId[]): Promise<MatchResult> {
    return this.#labelling.rankMasks(described, masks, this.#model, this.#matching, classes);
  }
}

/** What the app would offer of pictures that were labelled with `taken`, to be confirmed. */
export interface NodeHarvest {
  take(id: PictureId, labelled: Labelled): void;
  harvest(pictures: readonly PictureId[], settings: MatchSettings): Promise<readonly HarvestCandidate[]>;
}

const NEVER = new AbortController().signal;

function contextOf(timings: Timings): StageContext {
  return { signal: NEVER, breathe: () => Promise.resolve(), onProgress: undefined, timings };
}
