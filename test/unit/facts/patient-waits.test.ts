import { describe, expect, it } from "vitest";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { someEvidence } from "../../support/evidence-builder.ts";
import { aForest, anIdleTransaction, aRunning, type Member, waiters } from "../../support/forest-builder.ts";

const build: Member = {
  who: aRunning(2, 900, {
    query: "CREATE INDEX CONCURRENTLY ON orders (state)",
    waitEvent: "Lock/virtualxid",
  }),
  behind: "session:1",
  waits: {
    object: "virtual transaction 3/8",
    objectKind: "transaction",
    mode: "ShareLock",
    waitSeconds: 890,
  },
};

function findingsOf(...members: Member[]) {
  const forest = aForest([{ who: anIdleTransaction(1, 1000) }, ...members]);
  return diagnose(someEvidence({ forests: [forest] }), defaultSettings).findings;
}

describe("an index build that waits for old transactions", () => {
  it("D4 is no incident, however long it waits, and nobody is ended for it", () => {
    const findings = findingsOf(build);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.map(({ severity }) => severity)).toEqual(findings.map(() => "P3"));
    expect(findings.flatMap(({ actions }) => actions)).toEqual([]);
  });

  it("D4 is one as soon as somebody else waits as well", () => {
    const [first] = findingsOf(build, ...waiters(2, "session:1"));
    expect(first).toMatchObject({ id: "blocked-by-idle-transaction", severity: "P2" });
    expect(first?.actions.map(({ id }) => id)).toEqual(["terminate-session"]);
  });
});
