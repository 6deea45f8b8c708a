import { expect, it } from "vitest";
import { Fifo } from "./fifo.ts";

it("never runs two jobs at once and keeps their order, also after a failure", async () => {
  const fifo = new Fifo();
  const log: string[] = [];
  const job =
    (name: string, fails = false) =>
    async (): Promise<string> => {
      log.push(`start ${name}`);
      await new Promise((resolve) => {
        setTimeout(resolve, 1);
      });
      log.push(`end ${name}`);
      if (fails) throw new Error(name);
      return name;
    };
  const results = await Promise.allSettled([
    fifo.enqueue(job("a")),
    fifo.enqueue(job("b", true)),
    fifo.enqueue(job("c")),
  ]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(log).toEqual(["start a", "end a", "start b", "end b", "start c", "end c"]);
});
