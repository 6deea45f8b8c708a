import { expect, test } from "vitest";
import { JobQueue } from "./job-queue.ts";

const settled = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    (value) => `ok ${String(value)}`,
    (cause: unknown) =>
      cause instanceof Error && "code" in cause ? String(cause.code) : cause instanceof Error ? cause.message : "?",
  );

test("jobs never overlap and run in the order in which they were asked for", async () => {
  const queue = new JobQueue();
  let running = 0;
  const order: number[] = [];
  const job = (index: number) =>
    queue.enqueue(null, undefined, async ({ breathe }) => {
      running += 1;
      expect(running).toBe(1);
      await breathe();
      order.push(index);
      running -= 1;
    });
  await Promise.all([job(1), job(2), job(3)]);
  expect(order).toEqual([1, 2, 3]);
  expect(queue.length).toBe(0);
});

test("a failing job fails for its caller only", async () => {
  const queue = new JobQueue();
  const bad = settled(queue.enqueue(null, undefined, () => Promise.reject(new Error("broken"))));
  const good = settled(queue.enqueue(null, undefined, () => Promise.resolve(7)));
  expect(await bad).toBe("broken");
  expect(await good).toBe("ok 7");
});

test("a newer job with the same key cancels the waiting and the running one, and no other", async () => {
  const queue = new JobQueue();
  const slow = async ({ breathe }: { breathe: () => Promise<void> }): Promise<number> => {
    for (let step = 0; step < 20; step += 1) await breathe();
    return 1;
  };
  const running = settled(queue.enqueue("a", undefined, slow));
  const waiting = settled(queue.enqueue("a", undefined, slow));
  const other = settled(queue.enqueue("b", undefined, slow));
  const newest = settled(queue.enqueue("a", undefined, slow));
  expect(await Promise.all([running, waiting, other, newest])).toEqual(["cancelled", "cancelled", "ok 1", "ok 1"]);
});

test("aborting before the start means the work is never begun", async () => {
  const queue = new JobQueue();
  const controller = new AbortController();
  let begun = false;
  const first = queue.enqueue(null, undefined, ({ breathe }) => breathe());
  const second = settled(
    queue.enqueue(null, controller.signal, () => {
      begun = true;
      return Promise.resolve();
    }),
  );
  controller.abort();
  await first;
  expect(await second).toBe("cancelled");
  expect(begun).toBe(false);
});

test("an error of a library under an aborted signal is reported as cancelled", async () => {
  const queue = new JobQueue();
  const controller = new AbortController();
  const job = settled(
    queue.enqueue(null, controller.signal, ({ signal }) => {
      controller.abort();
      return Promise.reject(new DOMException(`aborted: ${String(signal.aborted)}`, "AbortError"));
    }),
  );
  expect(await job).toBe("cancelled");
});
