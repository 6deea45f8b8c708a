import {
  EngineError,
  type Advice,
  type BankId,
  type BankList,
  type ClassInfo,
  type EngineEvent,
  type EngineOptions,
  type EngineStatus,
  type Failure,
  type JobOptions,
  type MatchSettings,
  type ModelSource,
  type PictureSource,
} from "./contract.ts";
import { adviseOnBank } from "./advising.ts";
import { Display } from "./display.ts";
import { HarvestPool } from "./harvest-pool.ts";
import { JobQueue } from "./job-queue.ts";
import { type Labelled, Labelling } from "./labelling.ts";
import { Learning, type Prepared } from "./learning.ts";
import { Machine } from "./machine.ts";
import { MatchTables } from "./match-table.ts";
import { ModelCatalogue } from "./models/catalogue.ts";
import { Naming } from "./naming.ts";
import { type DescribedPicture, Pictures, type StageContext } from "./pictures.ts";
import { RegionFinding } from "./region-finding.ts";
import type { Bank } from "./references/bank/bank.ts";
import { BankShelf } from "./references/bank/shelf.ts";
import { EmojiFont } from "./references/sources/pictogram/emoji-font.ts";
import { GlyphPainter } from "./references/sources/pictogram/glyph-painter.ts";
import { toFailure } from "./wire-host.ts";

/** A device lost more often than this is not asked again: WASM goes on without it. */
const MOST_LOSSES = 3;

/** What there is once the engine was started. */
interface Opened {
  machine: Machine;
  readonly catalogue: ModelCatalogue;
  readonly shelf: BankShelf;
  /** The bank that this tab works with, and what works on it. */
  bank: Bank;
  learning: Learning;
  naming: Naming;
  labelling: Labelling;
}

/** What all calls share: the one queue, the machine with its recovery, the model in use, the pictures and the display. */
export class EngineCore {
  readonly #base: string;
  readonly #queue = new JobQueue();
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  readonly #finding: RegionFinding;
  readonly pictures: Pictures;
  readonly display = new Display();
  readonly harvest = new HarvestPool();
  #painter: GlyphPainter | null = null;
  readonly #report = (failure: Failure): void => this.emit({ type: "notice", failure });
  #options: EngineOptions = { device: "auto", threads: 0 };
  #open: Opened | null = null;
  /** The model in use; null while none is loaded. */
  prepared: Prepared | null = null;
  /** How the model in use can be had again. */
  modelSource: ModelSource | null = null;
  /** Settles when the last start has, whatever came of it. */
  #started: Promise<unknown> = Promise.resolve();
  #losses = 0;
  /** Set when the device of the machine in use is gone. */
  #lost = false;

  /** @param base address that the app's files are relative to */
  constructor(base: string) {
    this.#base = base;
    this.#finding = new RegionFinding(base, (failure) => this.emit({ type: "notice", failure }));
    this.pictures = new Pictures(this.#finding);
  }

  // ------------------------------------------------------------------------------------------------ life

  start(options: EngineOptions): Promise<EngineStatus> {
    const status = this.#startWith(options);
    this.#started = status.catch(() => undefined);
    return status;
  }

  /** Settles when the last start has, whatever came of it. */
  get started(): Promise<unknown> {
    return this.#started;
  }

  get isOpen(): boolean {
    return this.#open !== null;
  }

  #startWith(options: EngineOptions): Promise<EngineStatus> {
    return this.#queue.enqueue("start", undefined, async () => {
      this.#options = options;
      if (this.#open) {
        await this.#replaceMachine();
        return this.status();
      }
      const shelf = await BankShelf.open();
      const bank = await shelf.openBank(shelf.choose(options.bank ?? null));
      const catalogue = await ModelCatalogue.open(this.#base, this.#report);
      const machine = await Machine.open(options, (error) => this.#notice(error));
      this.#open = { machine, catalogue, shelf, ...this.#workOn(bank) };
      shelf.onChange(() => void this.job(null, {}, (context) => this.#followShelf(context)).catch(() => undefined));
      this.emit({ type: "banks", banks: this.banks() });
      if (!shelf.persists) {
        this.#notice(new EngineError("storage-unavailable", "The class bank cannot be stored in this browser."));
      }
      await this.#useMachine(machine);
      return this.status();
    });
  }

  // ------------------------------------------------------------------------------------------------ banks

  /** What works on a bank, from now on. */
  #workOn(bank: Bank): Pick<Opened, "bank" | "learning" | "naming" | "labelling"> {
    const labelling = new Labelling(new MatchTables(bank));
    bank.subscribe((event) => {
      if (event.type === "descriptors") {
        labelling.invalidate();
      } else if (event.type === "bank") {
        this.emit({ type: "bank", change: event.change });
        // A new colour shows at once; nothing has to be matched for it.
        this.display.setPalette(event.bank.classes);
      } else {
        this.emit(event);
      }
    });
    // One painter for all: made when first needed, so that an app without typed names loads no font.
    const painter = (): GlyphPainter => (this.#painter ??= new GlyphPainter(new EmojiFont(self.fonts)));
    const learning = new Learning(bank, this.#base, painter, this.#report);
    return { bank, learning, naming: new Naming(bank, painter, this.#report), labelling };
  }

  banks(): BankList {
    const { shelf, bank } = this.use();
    return { current: bank.id, banks: shelf.banks };
  }

  /** Works with another bank from now on, and tells of it. To be called in a job. @throws EngineError bank-missing */
  async useBank(id: BankId, context: StageContext): Promise<BankList> {
    const open = this.use();
    if (id !== open.bank.id) {
      const bank = await open.shelf.openBank(id);
      await open.bank.close();
      Object.assign(this.use(), this.#workOn(bank));
      this.display.setPalette(bank.snapshot().classes);
      this.emit({ type: "history", history: bank.history });
    }
    this.emit({ type: "banks", banks: this.banks() });
    await this.learn(context);
    return this.banks();
  }

  /** Another tab changed the list of banks; perhaps it removed this one. */
  async #followShelf(context: StageContext): Promise<void> {
    const { shelf, bank } = this.use();
    if (shelf.has(bank.id)) {
      this.emit({ type: "banks", banks: this.banks() });
      return;
    }
    await this.useBank(shelf.choose(null), context);
    this.#notice(new EngineError("bank-missing", "The bank that was open here was removed in another tab."));
  }

  /** Everything that is open. @throws EngineError internal, before the first start */
  use(): Readonly<Opened> {
    if (!this.#open) throw new EngineError("internal", "The engine was used before it was started.");
    return this.#open;
  }

  /** The model in use. @throws EngineError model-missing */
  ready(): Prepared {
    if (!this.prepared) throw new EngineError("model-missing", "No feature model is loaded.");
    return this.prepared;
  }

  subscribe(listener: (event: EngineEvent) => void): void {
    this.#listeners.add(listener);
  }

  emit(event: EngineEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #notice(error: unknown): void {
    this.emit({ type: "notice", failure: toFailure(error) });
  }

  status(): EngineStatus {
    const { machine, bank } = this.use();
    return machine.status(this.display.painter, bank.persists);
  }

  // ------------------------------------------------------------------------------------------------ the machine

  async #useMachine(machine: Machine): Promise<void> {
    this.#lost = false;
    this.#finding.useMachine((model) => machine.openModel(model));
    await this.display.useDevice(machine.gpu);
    void machine.gpu?.lost.then((info) => {
      // A device that we destroyed ourselves is not lost.
      if (this.#open?.machine !== machine) return;
      this.#lost = true;
      this.#losses += 1;
      this.#notice(new EngineError("gpu-lost", "The graphics device was lost.", { reason: info.message }));
      void this.job(null, {}, () => this.#recover()).catch((cause: unknown) => this.#notice(cause));
    });
  }

  /** New device, runtime and sessions in place of the old. The model is loaded again. */
  async #replaceMachine(): Promise<void> {
    const open = this.#open;
    if (!open) return;
    const old = open.machine;
    const next =
      this.#losses > MOST_LOSSES
        ? await Machine.openWithout("lost-too-often", this.#options.threads)
        : await Machine.open(this.#options, (error) => this.#notice(error));
    open.machine = next;
    await old.destroy();
    await this.#useMachine(next);
    if (this.modelSource) {
      const session = await next.load(this.modelSource, open.catalogue, new AbortController().signal);
      if (this.prepared) this.prepared = { ...this.prepared, session };
    }
    this.emit({ type: "status", status: this.status() });
  }

  async #recover(): Promise<void> {
    if (this.#lost) await this.#replaceMachine();
  }

  // ------------------------------------------------------------------------------------------------ jobs

  /**
   * One job in the queue. When the device is lost meanwhile, it is rebuilt and the job is tried once more.
   * @param key a newer job of the same key cancels an older; null: none does
   */
  job<Value>(
    key: string | null,
    job: JobOptions | undefined,
    work: (context: StageContext) => Promise<Value>,
  ): Promise<Value> {
    return this.#queue.enqueue(key, job?.signal, async (queued) => {
      const context: StageContext = { ...queued, onProgress: job?.onProgress, timings: {} };
      try {
        await this.#recover();
        await this.#open?.bank.settled;
        return await work(context);
      } catch (cause) {
        // The news of a lost device may come after the error that it caused.
        await queued.breathe();
        const lost = this.#lost || (cause instanceof EngineError && cause.code === "gpu-lost");
        if (!lost || !this.#open?.machine.gpu) throw cause;
        this.#lost = true;
        await this.#recover();
        return work(context);
      }
    });
  }

  /** The picture under the model in use. @throws EngineError model-missing, picture-* */
  async describe(picture: PictureSource, context: StageContext): Promise<DescribedPicture> {
    const { session, profile } = this.ready();
    return this.pictures.describe(picture, session, profile.photo, context);
  }

  /** The picture's labels; stages whose result is cached are not run again. */
  async label(picture: PictureSource, settings: MatchSettings, context: StageContext): Promise<Labelled> {
    const described = await this.describe(picture, context);
    const { machine, labelling } = this.use();
    const labelled = await labelling.label(picture, described, this.ready(), machine, settings, context);
    this.harvest.take(picture.id, this.ready().session.info.id, labelled);
    return labelled;
  }

  /** Shows new references to the model. Those added before a model is loaded are learned when it is. */
  async learn({ signal, onProgress }: StageContext): Promise<void> {
    if (!this.prepared) return;
    await this.use().bank.settled;
    await this.use().learning.embedMissing(this.prepared, { signal, ...(onProgress ? { onProgress } : {}) });
  }

  /** What is worth a look in the bank; nothing without a model. */
  async advice(job: JobOptions): Promise<readonly Advice[]> {
    if (!this.prepared) return [];
    const { bank, labelling } = this.use();
    return adviseOnBank(bank, this.prepared, labelling.unitsOf(this.prepared), job);
  }

  classes(): readonly ClassInfo[] {
    return this.use().bank.snapshot().classes;
  }
}
