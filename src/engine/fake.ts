import {
  EngineError,
  type Box,
  type Candidate,
  type ClassInfo,
  type Correction,
  type EngineEvent,
  type EngineStatus,
  type ImagePx,
  type JobOptions,
  type LabelMap,
  type MatchSettings,
  type ModelId,
  type ModelInfo,
  type OriginalPx,
  type PictureInfo,
  type PictureSource,
  type RegionChoice,
  type RegionIndex,
  type RegionSummary,
  type Segmentation,
  type Stage,
} from "../../workers/contract.ts";
import type { EngineProxy } from "./engine.ts";
import { fakeHarvest } from "./fake-harvest.ts";
import { createFakeBank } from "./fake-bank.ts";
import { fakeBanksCalls } from "./fake-banks.ts";
import { fakeExampleCalls } from "./fake-examples.ts";
import { fakeImportCalls } from "./fake-import.ts";
import { fakeNameCalls } from "./fake-names.ts";
import { fakePhotoCalls } from "./fake-photos.ts";

/** A fake picture is this large and falls into this many upright stripes, its regions. */
const FAKE_WIDTH = 240 as ImagePx;
const FAKE_HEIGHT = 160 as ImagePx;
const FAKE_REGIONS = 6;

const STRIPE = FAKE_WIDTH / FAKE_REGIONS;

const fakeModel = (id: string, name: string, origin: ModelInfo["origin"]): ModelInfo => ({
  id: id as ModelId,
  name,
  origin,
  licence: "Apache-2.0",
  bytes: 4_200_000,
  sha256: id.padEnd(64, "0"),
  patch: 14,
  dimensions: 96,
});

const STARTER = fakeModel("starter", "Lookalike starter", "starter");

const stripeBox = (stripe: number): Box => ({
  x: (stripe * STRIPE) as ImagePx,
  y: 0 as ImagePx,
  width: STRIPE as ImagePx,
  height: FAKE_HEIGHT,
});

const choice = (stripe: number): RegionChoice => {
  const left = stripe * STRIPE;
  return {
    proposal: stripe,
    box: stripeBox(stripe),
    area: STRIPE * FAKE_HEIGHT,
    score: 0.9,
    outline: `M${left} 0L${left + STRIPE} 0L${left + STRIPE} ${FAKE_HEIGHT}L${left} ${FAKE_HEIGHT}Z`,
  };
};

/** How the fake differs from its rule; all for tests of what surrounds an engine. */
export interface FakeOptions {
  readonly status?: Partial<EngineStatus>;
  /** What thumbnails and references look like. */
  readonly drawing?: Blob;
  /** Awaited by every long call before each of its stages: holds the engine still, or makes it fail. */
  readonly before?: (stage: Stage, subject: string) => Promise<void> | void;
}

export interface FakeEngine extends EngineProxy {
  /** Names of the methods called so far, oldest first, with the picture or class they were about. */
  readonly calls: readonly string[];
  emit(event: EngineEvent): void;
}

/**
 * A deterministic engine in memory, without models or pixels. Stripe i of a picture gets class i modulo the number of
 * classes with confidence (i + 1) / 7, and is "other" below the threshold. A picture named "bad…" cannot be read; a
 * class named "unknown…" has no pictogram.
 */
export function createFakeEngine(options: FakeOptions = {}): FakeEngine {
  const drawing = options.drawing ?? new Blob([]);
  const listeners = new Set<(event: EngineEvent) => void>();
  const restartListeners = new Set<(reason: EngineError) => void>();
  const calls: string[] = [];
  let models: readonly ModelInfo[] = [STARTER];
  let status: EngineStatus = {
    device: "wasm",
    reason: "no-webgpu-api",
    adapter: "",
    shaderF16: false,
    runtime: "wasm",
    threads: 2,
    crossOriginIsolated: true,
    painter: "2d",
    model: null,
    storagePersists: true,
    ...options.status,
  };

  const emit = (event: EngineEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const setStatus = (change: Partial<EngineStatus>): void => {
    status = { ...status, ...change };
    emit({ type: "status", status });
  };
  /** Passes through the stages as the engine does: progress told, aborts heard. */
  const pass = async (stages: readonly Stage[], subject: string, job: JobOptions = {}): Promise<void> => {
    for (const [done, stage] of stages.entries()) {
      job.onProgress?.({ stage, done, total: stages.length });
      await options.before?.(stage, subject);
      // A turn of the event loop, as a message to a worker would take.
      await Promise.resolve();
      if (job.signal?.aborted) throw new EngineError("cancelled", "The job was cancelled.");
    }
  };

  const {
    current,
    ownerOf,
    calls: bankCalls,
    tools,
  } = createFakeBank({
    emit,
    note: (call) => void calls.push(call),
    pass,
    drawing,
  });

  const usable = ({ classes }: MatchSettings): readonly ClassInfo[] =>
    current().classes.filter((entry) => classes.includes(entry.id) && entry.references.some(({ enabled }) => enabled));

  const summary = (stripe: number, settings: MatchSettings, corrections: readonly Correction[] = []): RegionSummary => {
    const known = usable(settings);
    const best = known[stripe % Math.max(1, known.length)] ?? null;
    const second = known[(stripe + 1) % Math.max(1, known.length)] ?? null;
    const correction = corrections.findLast(({ mask }) => mask.runs[0] === stripe * STRIPE) ?? null;
    const confidence = correction ? 1 : (stripe + 1) / (FAKE_REGIONS + 1);
    const matched = best && confidence >= settings.threshold ? best.id : null;
    return {
      index: stripe as RegionIndex,
      classId: correction ? correction.classId : matched,
      score: confidence - 0.2,
      margin: confidence / 2,
      confidence,
      runnerUp: second === best ? null : (second?.id ?? null),
      correction: correction?.id ?? null,
      nearest: best?.references.slice(0, 4).map((entry) => entry.id) ?? [],
      area: STRIPE * FAKE_HEIGHT,
      box: stripeBox(stripe),
    };
  };

  const stripes = Array.from({ length: FAKE_REGIONS }, (_, stripe) => stripe);

  const inspect = async (picture: PictureSource, job?: JobOptions): Promise<PictureInfo> => {
    calls.push(`inspect ${picture.name}`);
    await pass(["decode"], picture.name, job);
    if (picture.name.startsWith("bad")) {
      throw new EngineError("picture-unreadable", `${picture.name} could not be read as a picture.`);
    }
    return {
      id: picture.id,
      width: FAKE_WIDTH,
      height: FAKE_HEIGHT,
      originalWidth: (2 * FAKE_WIDTH) as OriginalPx,
      originalHeight: (2 * FAKE_HEIGHT) as OriginalPx,
      hash: picture.name,
      thumbnail: drawing,
    };
  };

  const labelMap = <Unit extends number>(scale: number, labelOf: (stripe: number) => number): LabelMap<Unit> => {
    const width = FAKE_WIDTH * scale;
    const height = FAKE_HEIGHT * scale;
    const data = new Uint16Array(width * height);
    for (let at = 0; at < data.length; at += 1) data[at] = labelOf(Math.floor((at % width) / (STRIPE * scale)));
    return { width: width as Unit, height: height as Unit, data };
  };

  return {
    calls,
    emit,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onRestart(listener) {
      restartListeners.add(listener);
      return () => restartListeners.delete(listener);
    },
    restart() {
      for (const listener of restartListeners) listener(new EngineError("engine-lost", "The engine stopped."));
      queueMicrotask(() => setStatus({}));
    },

    async start({ device }) {
      calls.push(`start ${device}`);
      await pass(["start"], "engine");
      if (device === "wasm") setStatus({ device: "wasm", reason: "forced-wasm" });
      return status;
    },
    async useModel(source, job) {
      const name = source.kind === "file" ? source.file.name : source.kind === "stored" ? source.id : "starter";
      calls.push(`useModel ${name}`);
      await pass(["load-model", "prepare-model"], name, job);
      const model =
        source.kind === "file"
          ? fakeModel(name, name, "file")
          : models.find((entry) => entry.id === (source.kind === "stored" ? source.id : STARTER.id));
      if (!model) throw new EngineError("model-missing", "That model is not on this device.");
      if (!models.includes(model)) models = [...models, model];
      const detail = source.detail ?? "standard";
      const id = detail === "fine" ? (`${model.id} fine` as typeof model.id) : model.id;
      const inUse = { ...model, id, base: model.id, detail };
      setStatus({ model: inUse });
      return inUse;
    },
    models: () => Promise.resolve(models),
    forgetModel(id) {
      models = models.filter((model) => model.id !== id);
      return Promise.resolve();
    },

    inspect,
    async segment(picture, settings, job): Promise<Segmentation> {
      calls.push(`segment ${picture.name}`);
      await pass(["describe", "propose", "match", "compose"], picture.name, job);
      if (!status.model) throw new EngineError("model-missing", "No feature model is loaded.");
      const regions = stripes.map((stripe) => summary(stripe, settings, picture.corrections));
      const labels = [...settings.classes, null];
      return {
        picture: picture.id,
        model: status.model.id,
        classes: settings.classes,
        width: FAKE_WIDTH,
        height: FAKE_HEIGHT,
        regions,
        areas: labels.map((classId) => {
          const own = regions.filter((region) => region.classId === classId);
          return { classId, share: own.length / FAKE_REGIONS, regions: own.length };
        }),
        timings: { match: 1 },
      };
    },
    explain(_picture, region, settings) {
      const { nearest } = summary(region, settings);
      const candidates = usable(settings).map((entry, rank): Candidate => {
        const similarity = 0.9 - rank * 0.1;
        return {
          classId: entry.id,
          name: entry.name,
          similarity,
          divergence: 0.5,
          score: similarity - 0.05,
          expected: [],
          surroundingsOf: null,
        };
      });
      return Promise.resolve({
        region,
        candidates,
        floor: 0.125,
        nearest: nearest.map((id, rank) => ({ reference: id, classId: ownerOf(id).id, similarity: 0.8 - rank * 0.1 })),
      });
    },
    async whatIf(picture, region, settings, job) {
      await pass(["match"], picture.name, job);
      const { classId, runnerUp } = summary(region, settings, picture.corrections);
      return classId === null ? [] : [{ without: { kind: "class", classId }, classId: runnerUp, share: 1 }];
    },
    regionMap(picture) {
      calls.push(`regionMap ${picture.name}`);
      return Promise.resolve(labelMap<ImagePx>(1, (stripe) => stripe + 1));
    },
    async classMap(picture, settings, job) {
      await pass(["export"], picture.name, job);
      const labels = stripes.map((stripe) => {
        const { classId } = summary(stripe, settings, picture.corrections);
        return classId === null ? 0 : settings.classes.indexOf(classId) + 1;
      });
      return labelMap<OriginalPx>(2, (stripe) => labels[stripe] ?? 0);
    },
    async proposalsAt(picture, point, job) {
      await pass(["propose"], picture.name, job);
      if (point.x < 0 || point.x >= FAKE_WIDTH) throw new EngineError("region-missing", "Nothing is there.");
      return [choice(Math.floor(point.x / STRIPE))];
    },

    regionMask(_picture, region) {
      const row = Array.from({ length: FAKE_HEIGHT }, (_, y) => [y * FAKE_WIDTH + region * STRIPE, STRIPE]);
      return Promise.resolve({ width: FAKE_WIDTH, height: FAKE_HEIGHT, runs: Uint32Array.from(row.flat()) });
    },

    ...fakeHarvest(calls, current, drawing, { width: FAKE_WIDTH, height: FAKE_HEIGHT, stripe: STRIPE }),
    async showHeat(picture, query, _settings, job) {
      calls.push(`showHeat ${picture.name} ${query.kind}`);
      await pass(["match"], picture.name, job);
      const values = Float32Array.from(stripes, (stripe) => (stripe + 1) / 10);
      return {
        columns: FAKE_REGIONS,
        rows: 1,
        values,
        regions: values.slice(),
        low: 0,
        high: 1,
        stops: ["#e4572e", "#17bebb", "#ffc914"],
      };
    },
    async hideHeat() {
      calls.push("hideHeat");
    },

    ...bankCalls,
    ...fakeBanksCalls(emit, calls),

    ...fakeNameCalls({ calls, drawing, pass, ...tools }),
    ...fakePhotoCalls({ calls, drawing, pass, ...tools }),
    ...fakeImportCalls({ calls, pass, ...tools }),
    ...fakeExampleCalls({ calls, pass }, choice),

    attachCanvas: () => Promise.resolve(),
    async show(picture) {
      calls.push(`show ${picture?.name ?? "nothing"}`);
    },
    overlayImage: () => Promise.resolve(drawing),
    setView: () => Promise.resolve(),
    calibration: () => Promise.resolve({ basis: "general", samples: 0, wrong: Float64Array.of(0.5, 0.25, 0.1) }),
    describePicture: () => Promise.reject(new EngineError("internal", "A fake engine has no descriptions.")),
    rememberTokens: () => Promise.resolve(),
    describeBank: () => Promise.reject(new EngineError("internal", "A fake engine has no descriptions.")),
    counters: () => Promise.resolve({ buffers: 0, textures: 0, bytes: 0, wasmBytes: 0, cachedPictures: 0 }),
    fault: () => Promise.resolve(),
  };
}
