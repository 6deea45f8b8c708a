import { expose } from "comlink";
import { afterEach, expect, test, vi } from "vitest";
import type { EngineWire, Outcome, Progress, WireMessage } from "../../workers/contract.ts";
import { EngineError } from "../../workers/contract.ts";
import { createEngine } from "./engine.ts";
import type { WorkerPort } from "./worker-link.ts";

type Handler = (method: string, send: (message: WireMessage) => void, id: number) => Promise<unknown>;

/** A worker on a message channel whose calls `handler` answers; `crash` ends it without a word. */
function fakeWorker(handler: Handler): WorkerPort & { readonly fail: () => void; readonly aborted: number[] } {
  const { port1, port2 } = new MessageChannel();
  const errorListeners = new Set<(event: Event) => void>();
  const aborted: number[] = [];
  let send: (message: WireMessage) => void = () => undefined;
  const wire: EngineWire = {
    connect: (listener) => {
      send = listener;
      return Promise.resolve("");
    },
    call: async (id, method): Promise<Outcome<unknown>> => {
      try {
        return { ok: true, value: await handler(method, send, id) };
      } catch (cause) {
        if (!(cause instanceof EngineError)) throw cause;
        return { ok: false, failure: { code: cause.code, message: cause.message, data: cause.data } };
      }
    },
    abort: (id) => {
      aborted.push(id);
    },
  };
  expose(wire, port2);
  port2.start();
  port1.start();
  return {
    aborted,
    fail: () => {
      for (const listener of errorListeners) listener(new Event("error"));
    },
    postMessage: (message, list) => port1.postMessage(message, list),
    addEventListener: (type, listener) => {
      if (type === "message") port1.addEventListener(type, listener);
      else errorListeners.add(listener);
    },
    removeEventListener: (type, listener) => {
      if (type === "message") port1.removeEventListener(type, listener);
      else errorListeners.delete(listener);
    },
    terminate: () => {
      port1.close();
      port2.close();
    },
  };
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "resolved",
    (cause: unknown) => (cause instanceof EngineError ? cause.code : String(cause)),
  );
const never = (): Promise<never> => new Promise(() => undefined);

// comlink closes over a global that Node lacks.
vi.stubGlobal("ErrorEvent", class ErrorEvent extends Event {});
afterEach(() => vi.useRealTimers());

test("no worker is made before the first call", async () => {
  let made = 0;
  const engine = createEngine({
    spawn: () => {
      made += 1;
      return fakeWorker(() => Promise.resolve([]));
    },
  });
  expect(made).toBe(0);
  await engine.models();
  await engine.models();
  expect(made).toBe(1);
  engine.restart();
});

test("a failure arrives whole: code, message, data and advice", async () => {
  const engine = createEngine({
    spawn: () => fakeWorker(() => Promise.reject(new EngineError("picture-empty", "“a.png” is empty.", { bytes: 0 }))),
  });
  const error = await engine.bank().catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(EngineError);
  if (!(error instanceof EngineError)) return;
  expect([error.code, error.message, error.data]).toEqual(["picture-empty", "“a.png” is empty.", { bytes: 0 }]);
  expect(error.advice).toContain("no content");
  engine.restart();
});

test("progress reaches the caller that asked for it and no other", async () => {
  const engine = createEngine({
    spawn: () =>
      fakeWorker((method, send, id) => {
        send({
          type: "progress",
          call: id,
          progress: { stage: method === "addClass" ? "describe" : "match", done: 1, total: 2 },
        });
        return Promise.resolve(null);
      }),
  });
  const heard: Progress[] = [];
  await Promise.all([
    engine.addClass("dog", { onProgress: (progress) => heard.push(progress) }),
    engine.useModel({ kind: "starter" }),
  ]);
  expect(heard.map((progress) => progress.stage)).toEqual(["describe"]);
  engine.restart();
});

test("aborting tells the worker which call is meant, and an aborted signal never reaches it", async () => {
  const worker = fakeWorker(never);
  const engine = createEngine({ spawn: () => worker });
  const controller = new AbortController();
  const call = codeOf(engine.addClass("dog", { signal: controller.signal }));
  await vi.waitFor(() => expect(worker.aborted).toEqual([]));
  controller.abort();
  await vi.waitFor(() => expect(worker.aborted).toEqual([1]));
  expect(await codeOf(engine.addClass("cat", { signal: controller.signal }))).toBe("cancelled");
  engine.restart();
  expect(await call).toBe("cancelled");
});

test("when the worker dies every pending call is rejected, and the next worker gets the same options and model", async () => {
  const calls: string[] = [];
  const workers: ReturnType<typeof fakeWorker>[] = [];
  const engine = createEngine({
    spawn: () => {
      const worker = fakeWorker((method) => {
        calls.push(`${workers.length}:${method}`);
        return method === "segment" || method === "bank" ? never() : Promise.resolve({});
      });
      workers.push(worker);
      return worker;
    },
  });
  const reasons: string[] = [];
  engine.onRestart((reason) => reasons.push(reason.code));
  await engine.start({ device: "auto", threads: 0 });
  await engine.useModel({ kind: "starter" });
  const pending = [codeOf(engine.bank()), codeOf(engine.bank())];
  workers[0]?.fail();
  expect(await Promise.all(pending)).toEqual(["engine-lost", "engine-lost"]);
  await vi.waitFor(() => expect(calls).toContain("2:useModel"));
  expect(reasons).toEqual(["engine-lost"]);
  expect(calls.filter((call) => call.startsWith("2:"))).toEqual(["2:start", "2:useModel"]);
  engine.restart();
});

test("a worker that gives no sign of life is given up and replaced; one that reports progress is not", async () => {
  let made = 0;
  const engine = createEngine({
    patience: 200,
    spawn: () => {
      made += 1;
      return fakeWorker((method, send, id) => {
        if (method !== "addClass") return never();
        return new Promise((resolve) => {
          let beats = 0;
          const timer = setInterval(() => {
            beats += 1;
            send({ type: "progress", call: id, progress: { stage: "describe", done: beats, total: 12 } });
            if (beats === 12) {
              clearInterval(timer);
              resolve(null);
            }
          }, 50);
        });
      });
    },
  });
  expect(await codeOf(engine.addClass("dog"))).toBe("resolved");
  expect(made).toBe(1);
  expect(await codeOf(engine.bank())).toBe("engine-stuck");
  expect(await codeOf(engine.addClass("cat"))).toBe("resolved");
  expect(made).toBe(2);
  engine.restart();
});

test("a browser that cannot start the worker is told so by every call", async () => {
  const engine = createEngine({
    spawn: () => {
      throw new Error("no workers");
    },
  });
  expect(await codeOf(engine.bank())).toBe("engine-unsupported");
});
