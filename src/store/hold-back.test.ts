import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { holdBack } from "./hold-back.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("work that is over within the delay is never heard of", () => {
  const heard: number[] = [];
  const held = holdBack<number>((value) => heard.push(value), 100);
  held.tell(1);
  held.tell(2);
  vi.advanceTimersByTime(99);
  held.stop();
  vi.advanceTimersByTime(1000);
  held.tell(3);
  expect(heard).toEqual([]);
});

test("of longer work the latest is heard when the delay is over, and everything after it at once", () => {
  const heard: number[] = [];
  const held = holdBack<number>((value) => heard.push(value), 100);
  held.tell(1);
  held.tell(2);
  vi.advanceTimersByTime(100);
  expect(heard).toEqual([2]);
  held.tell(3);
  expect(heard).toEqual([2, 3]);
});

test("nothing is heard when the delay ends before anything was told", () => {
  const heard: number[] = [];
  const held = holdBack<number>((value) => heard.push(value), 100);
  vi.advanceTimersByTime(100);
  expect(heard).toEqual([]);
  held.tell(1);
  expect(heard).toEqual([1]);
});
