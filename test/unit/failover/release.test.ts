import { describe, expect, it } from "vitest";
import { isOpen } from "../../../functions/core/failover/is-open.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, aRun, noon, seenOf } from "../../support/failover-builder.ts";

const of = { at: noon, tries: 10, unclear: true, answer: "done" as const, says: null };
const ending = { status: "failed" as const, phase: "lock" as const, says: "x", nextCommand: "y" };
const ended = aRun({ phase: "release", group: "orders-db", ending });

describe("the lock of a run that ends", () => {
  it("F4 is given back also where it was taken and nobody could read whose it is", () => {
    const step = next({ ...ended, sent: { lock: of } }, seenOf(aGroup(), { lock: null, now: noon + 5000 }));
    expect(step).toMatchObject({ is: "do", effect: { kind: "release-lock", group: "orders-db" } });
  });

  it("F4 is left alone by a run that never asked for it", () => {
    expect(next(ended, seenOf(aGroup(), { lock: null })).is).toBe("ended");
  });

  it("F4 is left to the sweeper where it could not be given back", () => {
    const run = { ...ended, token: 7, sent: { release: { ...of, tries: 20, answer: "none" as const } } };
    const step = next(run, seenOf(aGroup(), { now: noon + 60_000 }));
    expect(step).toMatchObject({ is: "ended", run: { keepsLock: true } });
    expect(isOpen(step.run)).toBe(true);
  });
});
