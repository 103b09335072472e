import { describe, expect, it } from "vitest";
import type { CauseId } from "../../../functions/core/contract/cause-ids.ts";
import type { Explanation } from "../../../functions/core/contract/explanation.ts";
import { type Emitted, keyOfFinding, rank } from "../../../functions/core/diagnosis/explains-graph.ts";
import type { FindingDraft } from "../../../functions/core/rules/define.ts";

function entry(id: CauseId, explains: readonly CauseId[], draft: Partial<FindingDraft> = {}): Emitted {
  const subject = draft.subject ?? "";
  return {
    id,
    key: keyOfFinding(id, subject),
    category: "locks",
    draft: {
      subject,
      severity: "P2",
      confidence: 0.8,
      summary: id,
      evidence: [],
      explains: explains.map((cause): Explanation => ({ cause, because: "test" })),
      actions: [],
      ...draft,
    },
  };
}

describe("the explains graph", () => {
  it("D3 puts the cause that explains most first, through its symptoms' symptoms", () => {
    const { rootCauses, findings } = rank([
      entry("cpu-saturated", [], { severity: "P0" }),
      entry("hot-row-contention", ["deadlocks"]),
      entry("deadlocks", ["connection-storm"]),
      entry("connection-storm", []),
      entry("missing-index", ["io-saturated"], { severity: "P1" }),
      entry("io-saturated", []),
    ]);
    expect(rootCauses).toEqual(["hot-row-contention", "missing-index", "cpu-saturated"]);
    expect(findings.map(({ key }) => key)).toEqual([
      "hot-row-contention",
      "deadlocks",
      "connection-storm",
      "missing-index",
      "io-saturated",
      "cpu-saturated",
    ]);
  });

  it("D6 who waits behind a cause that is as bad itself is a note, and else as bad as it is", () => {
    const severities = (cause: FindingDraft["severity"] | null, isEffect?: true) => {
      const root = entry("blocked-by-idle-transaction", ["long-running-query"], { severity: cause ?? "P3" });
      const waits = entry("long-running-query", [], isEffect === undefined ? {} : { isEffect });
      return rank(cause === null ? [waits] : [root, waits]).findings.map(({ severity }) => severity);
    };
    expect(severities("P1", true)).toEqual(["P1", "P3"]);
    expect(severities("P2", true)).toEqual(["P2", "P3"]);
    // A holder of a moment is no more than a note: what waits for it says how bad it is.
    expect(severities("P3", true)).toEqual(["P2", "P2"]);
    expect(severities(null, true)).toEqual(["P2"]);
    expect(severities("P1")).toEqual(["P1", "P2"]);
  });

  it("D6 a cause is as bad as the worst of what it does, and hygiene never stands before what hurts", () => {
    const { rootCauses, findings } = rank([
      entry("unused-index", ["duplicate-index", "no-primary-key"], { severity: "P3" }),
      entry("duplicate-index", [], { severity: "P3" }),
      entry("no-primary-key", [], { severity: "P3" }),
      entry("stale-statistics", ["cpu-saturated"], { severity: "P3" }),
      entry("cpu-saturated", [], { severity: "P1" }),
    ]);
    expect(rootCauses).toEqual(["stale-statistics", "unused-index"]);
    expect(findings[0]?.severity).toBe("P1");
    expect(findings.find(({ id }) => id === "unused-index")?.severity).toBe("P3");
  });

  it("D9 what happens now comes before what has long been so, at the same severity too", () => {
    const { rootCauses, findings } = rank([
      entry("unused-index", ["duplicate-index"], { severity: "P3", nature: "chronic" }),
      entry("duplicate-index", [], { severity: "P3", nature: "chronic" }),
      entry("orphaned-rows", [], { nature: "chronic", confidence: 1 }),
      entry("long-running-query", [], { severity: "P3", confidence: 0.5 }),
      entry("spilling-query", [], { confidence: 0.6 }),
    ]);
    expect(rootCauses).toEqual(["spilling-query", "orphaned-rows", "long-running-query", "unused-index"]);
    expect(findings.map(({ nature }) => nature)).toEqual(["acute", "chronic", "acute", "chronic", "chronic"]);
  });

  it("D9 what has long been so is acute when something that happens now comes from it", () => {
    const { findings } = rank([
      entry("no-primary-key", ["replication-lag"], { severity: "P3", nature: "chronic" }),
      entry("replication-lag", []),
    ]);
    expect(findings[0]).toMatchObject({ id: "no-primary-key", severity: "P2", nature: "acute" });
  });

  it("D3 breaks a circle the same way whatever the order of the findings", () => {
    const circle = [
      entry("deadlocks", ["hot-row-contention"], { severity: "P1" }),
      entry("hot-row-contention", ["connection-storm"]),
      entry("connection-storm", ["deadlocks"]),
    ];
    expect(rank(circle).rootCauses).toHaveLength(1);
    expect(rank(circle).findings.find(({ id }) => id === "deadlocks")?.explains).toEqual([
      "hot-row-contention",
    ]);
    for (const order of [circle.toReversed(), [...circle.slice(1), ...circle.slice(0, 1)]]) {
      expect(rank(order)).toEqual(rank(circle));
    }
  });

  it("D3 drops claims about findings that do not exist, about itself, and about other subjects", () => {
    const claim = (subject: string): Explanation => ({
      cause: "long-running-query",
      subject,
      because: "test",
    });
    const { findings, rootCauses } = rank([
      entry("deadlocks", ["deadlocks", "io-saturated"], { explains: [claim("a")] }),
      entry("long-running-query", [], { subject: "b" }),
    ]);
    expect(rootCauses).toHaveLength(2);
    expect(findings.flatMap(({ explains }) => explains)).toEqual([]);
  });

  it("D3 orders equals by severity, then confidence, then name", () => {
    const { rootCauses } = rank([
      entry("io-saturated", []),
      entry("deadlocks", []),
      entry("cpu-saturated", [], { confidence: 0.9 }),
      entry("wraparound-risk", [], { severity: "P1", confidence: 0.1 }),
    ]);
    expect(rootCauses).toEqual(["wraparound-risk", "cpu-saturated", "deadlocks", "io-saturated"]);
  });

  it("D3 tells a shared symptom once, with both of its causes", () => {
    const { findings } = rank([
      entry("deadlocks", ["connection-storm"]),
      entry("io-saturated", ["connection-storm"]),
      entry("connection-storm", []),
    ]);
    expect(findings.map(({ key }) => key)).toEqual(["deadlocks", "connection-storm", "io-saturated"]);
    expect(findings[1]?.explainedBy).toEqual(["deadlocks", "io-saturated"]);
  });
});
