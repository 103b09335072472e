import { describe, expect, it } from "vitest";
import { postgresModesConflict } from "../../../../functions/core/probes/postgres/blocking/lock-modes.ts";

const modes = [
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
];

describe("postgresModesConflict", () => {
  it("P4 is the same in both directions", () => {
    for (const a of modes) {
      for (const b of modes)
        expect([a, b, postgresModesConflict(a, b)]).toEqual([a, b, postgresModesConflict(b, a)]);
    }
  });

  it("P4 lets as many modes stand beside each other as the manual says", () => {
    const excluded = modes.map(
      (held) => modes.filter((wanted) => postgresModesConflict(held, wanted)).length,
    );

    expect(excluded).toEqual([1, 2, 4, 5, 5, 6, 7, 8]);
    expect(postgresModesConflict("ShareUpdateExclusiveLock", "ShareUpdateExclusiveLock")).toBe(true);
    expect(postgresModesConflict("ShareLock", "ShareLock")).toBe(false);
    expect(postgresModesConflict("RowExclusiveLock", "RowExclusiveLock")).toBe(false);
  });

  it("P4 knows that predicate locks block nobody", () => {
    expect(postgresModesConflict("SIReadLock", "AccessExclusiveLock")).toBe(false);
  });
});
