import { afterAll, beforeAll, vi } from "vitest";

/** Lets the clock of a file's tests stand at a moment (ISO 8601): worlds from outside are made as of now. Timers run on. */
export function standAt(moment: string): void {
  beforeAll(() => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(moment) });
  });
  afterAll(() => {
    vi.useRealTimers();
  });
}
