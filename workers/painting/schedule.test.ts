import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { scheduleFrames } from "./schedule.ts";

describe("a frame schedule", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("runs the job once a frame however often it was asked for, and again when asked later", () => {
    vi.stubGlobal("requestAnimationFrame", undefined);
    const job = vi.fn<() => void>();
    const frames = scheduleFrames(job);
    frames.request();
    frames.request();
    expect(job).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect(job).toHaveBeenCalledTimes(1);
    frames.request();
    vi.runAllTimers();
    expect(job).toHaveBeenCalledTimes(2);
  });

  it("uses the screen's frames where there are any", () => {
    const waiting: (() => void)[] = [];
    vi.stubGlobal("requestAnimationFrame", (job: () => void) => waiting.push(job));
    const job = vi.fn<() => void>();
    const frames = scheduleFrames(job);
    frames.request();
    frames.request();
    expect(waiting).toHaveLength(1);
    waiting[0]?.();
    expect(job).toHaveBeenCalledTimes(1);
  });

  it("forgets a cancelled frame and can be asked again", () => {
    vi.stubGlobal("requestAnimationFrame", undefined);
    const job = vi.fn<() => void>();
    const frames = scheduleFrames(job);
    frames.request();
    frames.cancel();
    vi.runAllTimers();
    expect(job).not.toHaveBeenCalled();
    frames.request();
    vi.runAllTimers();
    expect(job).toHaveBeenCalledTimes(1);
  });
});
