import { afterEach, beforeEach, expect, vi } from "vitest";

// A stray console call in a handler is a log line nobody structured: it fails the test that caused it.
const methods = ["log", "info", "warn", "error", "debug"] as const;
let calls: string[] = [];

beforeEach(() => {
  calls = [];
  for (const method of methods) {
    vi.spyOn(console, method).mockImplementation((...args: unknown[]) => {
      calls.push(`console.${method}(${args.map(String).join(" ")})`);
    });
  }
});

afterEach(() => {
  vi.restoreAllMocks();
  expect(calls, "console was written to").toEqual([]);
});
