import { DETAILS, type ModelCalls, type ModelId, type ModelSource } from "../contract.ts";
import type { EngineCore } from "../engine-core.ts";
import { idAt } from "../models/detail.ts";
import { runStage } from "../pictures.ts";

/** Which feature model is used, and which are kept. */
export function modelCalls(core: EngineCore): ModelCalls {
  /** A model that was kept is opened from storage next time, as the person's file may be gone by then. */
  async function storedOr(source: ModelSource, id: ModelId): Promise<ModelSource> {
    const kept = (await core.use().catalogue.list()).some((one) => one.id === id && one.origin === "file");
    return kept ? { kind: "stored", id, detail: source.detail ?? "standard" } : source;
  }

  /** The model in use may not be stored: then it is had again from the file that it came from. */
  function reachable(source: ModelSource): ModelSource {
    const inUse = core.modelSource;
    const isInUse = source.kind === "stored" && core.prepared?.session.info.base === source.id;
    return isInUse && inUse ? { ...inUse, detail: source.detail ?? "standard" } : source;
  }

  return {
    useModel: (wanted, job) =>
      core.job("useModel", job, async (context) => {
        const source = reachable(wanted);
        const { machine, catalogue, learning, labelling } = core.use();
        const { signal, onProgress } = context;
        const session = await runStage(context, "load-model", () => machine.load(source, catalogue, signal));
        core.modelSource = source.kind === "file" ? await storedOr(source, session.info.base) : source;
        // What an earlier model saw means nothing to this one; its tokens stay cached under its own id.
        core.prepared = null;
        labelling.clear();
        core.prepared = await learning.prepare(session, { signal, ...(onProgress ? { onProgress } : {}) });
        core.emit({ type: "status", status: core.status() });
        return session.info;
      }),

    models: async () => core.use().catalogue.list(),

    forgetModel: (id) =>
      core.job(null, {}, async () => {
        const { catalogue, learning } = core.use();
        await catalogue.forget(id);
        for (const detail of DETAILS) await learning.forget(idAt(id, detail));
      }),
  };
}
