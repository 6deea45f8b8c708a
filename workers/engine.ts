import {
  EngineError,
  type Bank as BankSnapshot,
  type ClassId,
  type ClassInfo,
  type Counters,
  type Engine,
  type EngineEvent,
  type EngineOptions,
  type EngineStatus,
  type ExampleTarget,
  type Explanation,
  type Failure,
  type Fault,
  type JobOptions,
  type LabelMap,
  type MatchSettings,
  type ModelId,
  type ModelInfo,
  type ModelSource,
  type OriginalPx,
  type PictureInfo,
  type PictureSource,
  type Point,
  type ReferenceId,
  type ReferenceInfo,
  type RegionChoice,
  type RegionIndex,
  type Segmentation,
  type View,
} from "./contract.ts";
import { choiceOf, choicesAt, runsOfTarget, salientChoice } from "./examples.ts";
import { Display } from "./display.ts";
import { JobQueue } from "./job-queue.ts";
import { explainRegion, type Labelled, Labelling } from "./labelling.ts";
import { Learning, type Prepared } from "./learning.ts";
import { Machine } from "./machine.ts";
import { MatchTables } from "./match-table.ts";
import { ModelCatalogue } from "./models/catalogue.ts";
import { type DescribedPicture, Pictures, runStage, type StageContext } from "./pictures.ts";
import { RegionTreeProposer } from "./proposals/region-tree/region-tree.ts";
import { Bank } from "./references/bank/bank.ts";
import { makeExample } from "./references/sources/example.ts";
import { enlarged, mapCopy, summaryOf } from "./results.ts";
import { toFailure } from "./wire-host.ts";

/** A device lost more often than this is not asked again: WASM goes on without it. */
const MOST_LOSSES = 3;

/** What there is once the engine was started. */
interface Opened {
  machine: Machine;
  readonly bank: Bank;
  readonly catalogue: ModelCatalogue;
  readonly learning: Learning;
  readonly labelling: Labelling;
}

/** The engine: which stage after which, on what, and one job at a time. Everything else is done elsewhere. */
export class LookalikeEngine implements Engine {
  readonly #base: string;
  readonly #queue = new JobQueue();
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  readonly #pictures = new Pictures(new RegionTreeProposer());
  readonly #display = new Display();
  #options: EngineOptions = { device: "auto", threads: 0 };
  #open: Opened | null = null;
  #prepared: Prepared | null = null;
  #model: ModelSource | null = null;
  /** Settles when the last start has, whatever came of it. */
  #started: Promise<unknown> = Promise.resolve();
  #losses = 0;
  /** Set when the device of the machine in use is gone. */
  #lost = false;

  /** @param base address that the app's files are relative to */
  constructor(base: string) {
    this.#base = base;
  }

  subscribe(listener: (event: EngineEvent) => void): void {
    this.#listeners.add(listener);
  }

  // ------------------------------------------------------------------------------------------------ life

  start(options: EngineOptions): Promise<EngineStatus> {
    const status = this.#startWith(options);
    this.#started = status.catch(() => undefined);
    return status;
  }

  #startWith(options: EngineOptions): Promise<EngineStatus> {
    return this.#queue.enqueue("start", undefined, async () => {
      this.#options = options;
      if (this.#open) {
        await this.#replaceMachine();
        return this.#status();
      }
      const bank = await Bank.open();
      const report = (failure: Failure): void => this.#emit({ type: "notice", failure });
      const catalogue = await ModelCatalogue.open(this.#base, report);
      const machine = await Machine.open(options, (error) => this.#notice(error));
      const labelling = new Labelling(new MatchTables(bank));
      this.#open = { machine, bank, catalogue, learning: new Learning(bank, this.#base, report), labelling };
      bank.subscribe((event) => {
        if (event.type === "descriptors") labelling.invalidate();
        else this.#emit(event);
        // A new colour shows at once; nothing has to be matched for it.
        if (event.type === "bank") this.#display.setPalette(event.bank.classes);
      });
      await this.#useMachine(machine);
      return this.#status();
    });
  }

  #use(): Opened {
    if (!this.#open) throw new EngineError("internal", "The engine was used before it was started.");
    return this.#open;
  }

  #emit(event: EngineEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #notice(error: unknown): void {
    this.#emit({ type: "notice", failure: toFailure(error) });
  }

  #status(): EngineStatus {
    const { machine, bank } = this.#use();
    return machine.status(this.#display.painter, bank.persists);
  }

  async #useMachine(machine: Machine): Promise<void> {
    this.#lost = false;
    await this.#display.useDevice(machine.gpu);
    void machine.gpu?.lost.then((info) => {
      // A device that we destroyed ourselves is not lost.
      if (this.#open?.machine !== machine) return;
      this.#lost = true;
      this.#losses += 1;
      this.#notice(new EngineError("gpu-lost", "The graphics device was lost.", { reason: info.message }));
      void this.#job(null, {}, () => this.#recover()).catch((cause: unknown) => this.#notice(cause));
    });
  }

  /** New device, runtime and sessions in place of the old. The model is loaded again. */
  async #replaceMachine(): Promise<void> {
    const open = this.#use();
    const old = open.machine;
    const next =
      this.#losses > MOST_LOSSES
        ? await Machine.openWithout("lost-too-often", this.#options.threads)
        : await Machine.open(this.#options, (error) => this.#notice(error));
    open.machine = next;
    await old.destroy();
    await this.#useMachine(next);
    if (this.#model) {
      const session = await next.load(this.#model, open.catalogue, new AbortController().signal);
      if (this.#prepared) this.#prepared = { ...this.#prepared, session };
    }
    this.#emit({ type: "status", status: this.#status() });
  }

  async #recover(): Promise<void> {
    if (this.#lost) await this.#replaceMachine();
  }

  /** One job in the queue. When the device is lost meanwhile, it is rebuilt and the job is tried once more. */
  #job<Value>(
    key: string | null,
    job: JobOptions | undefined,
    work: (context: StageContext) => Promise<Value>,
  ): Promise<Value> {
    return this.#queue.enqueue(key, job?.signal, async (queued) => {
      const context: StageContext = { ...queued, onProgress: job?.onProgress, timings: {} };
      try {
        await this.#recover();
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

  // ------------------------------------------------------------------------------------------------ models

  useModel(source: ModelSource, job?: JobOptions): Promise<ModelInfo> {
    return this.#job("useModel", job, async (context) => {
      const { machine, catalogue, learning, labelling } = this.#use();
      const { signal, onProgress } = context;
      const session = await runStage(context, "load-model", () => machine.load(source, catalogue, signal));
      this.#model = source.kind === "file" ? await this.#storedOr(source, session.info.id) : source;
      // What an earlier model saw means nothing to this one; its tokens stay cached under its own id.
      this.#prepared = null;
      labelling.clear();
      this.#prepared = await learning.prepare(session, { signal, ...(onProgress ? { onProgress } : {}) });
      this.#emit({ type: "status", status: this.#status() });
      return session.info;
    });
  }

  /** A model that was kept is opened from storage next time, as the person's file may be gone by then. */
  async #storedOr(source: ModelSource, id: ModelId): Promise<ModelSource> {
    const kept = (await this.#use().catalogue.list()).some((one) => one.id === id && one.origin === "file");
    return kept ? { kind: "stored", id } : source;
  }

  async models(): Promise<readonly ModelInfo[]> {
    return this.#use().catalogue.list();
  }

  forgetModel(id: ModelId): Promise<void> {
    return this.#job(null, {}, async () => {
      const { catalogue, learning } = this.#use();
      await catalogue.forget(id);
      await learning.forget(id);
    });
  }

  #ready(): Prepared {
    if (!this.#prepared) throw new EngineError("model-missing", "No feature model is loaded.");
    return this.#prepared;
  }

  // ------------------------------------------------------------------------------------------------ pictures

  inspect(picture: PictureSource, job?: JobOptions): Promise<PictureInfo> {
    return this.#job(null, job, (context) => this.#pictures.inspect(picture, context));
  }

  async #describe(picture: PictureSource, context: StageContext): Promise<DescribedPicture> {
    const { session, profile } = this.#ready();
    return this.#pictures.describe(picture, session, profile.photo, context);
  }

  async #label(picture: PictureSource, settings: MatchSettings, context: StageContext): Promise<Labelled> {
    const described = await this.#describe(picture, context);
    const { machine, labelling } = this.#use();
    return labelling.label(picture.id, described, this.#ready(), machine, settings, context);
  }

  segment(picture: PictureSource, settings: MatchSettings, job?: JobOptions): Promise<Segmentation> {
    return this.#job(`segment ${picture.id}`, job, async (context) => {
      const labelled = await this.#label(picture, settings, context);
      await runStage(context, "paint", () => this.#display.setLabels(picture.id, labelled, this.#classes()));
      return summaryOf(picture.id, this.#ready().session.info.id, labelled, context.timings);
    });
  }

  explain(picture: PictureSource, region: RegionIndex, settings: MatchSettings): Promise<Explanation> {
    return this.#job(`explain ${picture.id}`, {}, async (context) =>
      explainRegion(await this.#label(picture, settings, context), region),
    );
  }

  regionMap(picture: PictureSource): Promise<LabelMap> {
    return this.#job(null, {}, async () => {
      const labelled = this.#use().labelling.last(picture.id);
      if (!labelled) throw new EngineError("picture-missing", "The picture has not been segmented yet.");
      return mapCopy(labelled, labelled.regionMap);
    });
  }

  classMap(picture: PictureSource, settings: MatchSettings, job?: JobOptions): Promise<LabelMap<OriginalPx>> {
    return this.#job(null, job, async (context) => {
      const labelled = await this.#label(picture, settings, context);
      const image = await this.#pictures.decode(picture, context);
      return runStage(context, "export", () => enlarged(labelled, image.originalWidth, image.originalHeight));
    });
  }

  proposalsAt(picture: PictureSource, point: Point, job?: JobOptions): Promise<readonly RegionChoice[]> {
    return this.#job(`proposals ${picture.id}`, job, async (context) =>
      choicesAt((await this.#describe(picture, context)).regions, point),
    );
  }

  salientProposal(picture: PictureSource, job?: JobOptions): Promise<RegionChoice> {
    return this.#job(`proposals ${picture.id}`, job, async (context) => {
      const { regions } = await this.#describe(picture, context);
      return choiceOf(regions, salientChoice(regions));
    });
  }

  // ------------------------------------------------------------------------------------------------ classes

  async bank(): Promise<BankSnapshot> {
    return this.#use().bank.snapshot();
  }

  addClass(name: string, job?: JobOptions): Promise<ClassInfo> {
    return this.#job(null, job, async (context) => {
      const info = await this.#use().learning.addClass(name);
      await this.#learn(context);
      return info;
    });
  }

  /** References added before a model is loaded are learned when it is. */
  async #learn({ signal, onProgress }: StageContext): Promise<void> {
    if (!this.#prepared) return;
    await this.#use().learning.embedMissing(this.#prepared, { signal, ...(onProgress ? { onProgress } : {}) });
  }

  changeClass(id: ClassId, change: { readonly name?: string; readonly colour?: string }): Promise<ClassInfo> {
    return this.#use().bank.changeClass(id, change);
  }

  removeClass(id: ClassId): Promise<void> {
    return this.#use().bank.removeClass(id);
  }

  restoreClass(id: ClassId): Promise<ClassInfo> {
    return this.#job(null, {}, async (context) => {
      const info = await this.#use().bank.restoreClass(id);
      await this.#learn(context);
      return info;
    });
  }

  addReference(id: ClassId, picture: PictureSource, target: ExampleTarget, job?: JobOptions): Promise<ReferenceInfo> {
    return this.#job(null, job, async (context) => {
      const { bank, labelling } = this.#use();
      const { image, regions } = await this.#describe(picture, context);
      const runs = runsOfTarget(target, regions, labelling.last(picture.id));
      const [added] = await bank.addReferences(id, [await makeExample(image, runs, picture.name)]);
      if (!added) throw new EngineError("class-missing", "The class of the example was removed.");
      await this.#learn(context);
      return added;
    });
  }

  changeReference(id: ReferenceId, change: { readonly enabled: boolean }): Promise<void> {
    return this.#job(null, {}, async (context) => {
      await this.#use().bank.changeReference(id, change);
      await this.#learn(context);
    });
  }

  removeReference(id: ReferenceId): Promise<void> {
    return this.#use().bank.removeReference(id);
  }

  restoreReference(id: ReferenceId): Promise<void> {
    return this.#job(null, {}, async (context) => {
      await this.#use().bank.restoreReference(id);
      await this.#learn(context);
    });
  }

  async referenceImage(id: ReferenceId): Promise<Blob> {
    return this.#use().bank.crop(id).image;
  }

  #classes(): readonly ClassInfo[] {
    return this.#use().bank.snapshot().classes;
  }

  // ------------------------------------------------------------------------------------------------ painting

  async attachCanvas(canvas: OffscreenCanvas): Promise<void> {
    // A canvas keeps the way in which it is first painted, and that is not known before there is a machine.
    await this.#started;
    await this.#display.attach(canvas);
    if (this.#open) this.#emit({ type: "status", status: this.#status() });
  }

  show(picture: PictureSource | null): Promise<void> {
    this.#display.want(picture?.id ?? null);
    return this.#job("show", {}, async (context) => {
      const image = picture && (await this.#pictures.decode(picture, context));
      const labelled = picture && this.#use().labelling.last(picture.id);
      this.#display.setPicture(image, labelled, this.#classes());
    });
  }

  async setView(view: View): Promise<void> {
    this.#display.setView(view);
  }

  // ------------------------------------------------------------------------------------------------ for developers

  async counters(): Promise<Counters> {
    const { machine } = this.#use();
    const { buffers, textures, bytes } = machine.gpu?.counters.read() ?? { buffers: 0, textures: 0, bytes: 0 };
    return { buffers, textures, bytes, wasmBytes: machine.wasmBytes, cachedPictures: this.#pictures.size };
  }

  async fault(kind: Fault): Promise<void> {
    if (kind === "lose-device") this.#use().machine.gpu?.device.destroy();
    else if (kind === "crash") self.close();
    else for (;;);
  }
}
