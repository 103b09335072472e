import { describe, expect, it } from "vitest";
import { diagnosisSchema } from "../../../functions/core/contract/finding.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import {
  aConnection,
  aGroup,
  anAlarm,
  aProbe,
  collectedAt,
  type Scene,
  someEvidence,
} from "../../support/evidence-builder.ts";
import { aForest, anIdleTransaction, aRunning, waiters } from "../../support/forest-builder.ts";

function diagnosisOf(scene: Scene) {
  return diagnose(someEvidence(scene), defaultSettings);
}

/** One idle transaction blocks 200 sessions for 90 s, and the pool is nearly full of them. */
const pileUp: Scene = {
  forests: [
    aForest([{ who: anIdleTransaction(8123, 252) }, ...waiters(200, "session:8123", { seconds: 90 })]),
  ],
  groups: [
    aGroup(200, { waitingOnLock: 200 }),
    aGroup(1, { state: "idle-in-transaction", application: "checkout" }),
    aGroup(20, { state: "idle" }),
  ],
  server: { maxConnections: 250 },
};

describe("diagnose", () => {
  it("D3 sees one root cause and its symptoms in an idle transaction that blocks 200 sessions", () => {
    const diagnosis = diagnosisOf(pileUp);
    expect(diagnosis.rootCauses).toEqual(["blocked-by-idle-transaction:session:8123"]);
    expect(diagnosis.findings.map(({ key }) => key)).toEqual([
      "blocked-by-idle-transaction:session:8123",
      "connections-near-limit",
      "long-running-query:behind:session:8123",
    ]);
    expect(diagnosis.findings[0]?.explains).toEqual([
      "connections-near-limit",
      "long-running-query:behind:session:8123",
    ]);
    expect(diagnosis.findings[1]?.explainedBy).toEqual(["blocked-by-idle-transaction:session:8123"]);
    expect(diagnosis.headline).toContain("blocks 200 sessions on table orders; longest wait 1 min 30 s.");
    expect(diagnosis.severity).toBe("P1");
    expect(diagnosisSchema.parse(diagnosis)).toEqual(diagnosis);
  });

  it("D3 lists two independent causes both as roots", () => {
    const forests = [
      aForest([
        { who: anIdleTransaction(1, 60) },
        ...waiters(3, "session:1", { firstId: 100, seconds: 5 }),
        { who: aRunning(2, 20) },
        ...waiters(12, "session:2", { firstId: 200, seconds: 5 }),
      ]),
    ];
    const diagnosis = diagnosisOf({ forests });
    expect(diagnosis.rootCauses).toEqual([
      "blocked-by-running-query:session:2",
      "blocked-by-idle-transaction:session:1",
    ]);
    expect(diagnosis.headline).toContain("; and 1 other independent cause.");
  });

  it("D3 keeps a full pool a cause of its own when the lock is not what fills it", () => {
    const forests = [
      aForest([{ who: anIdleTransaction(1, 60) }, ...waiters(2, "session:1", { seconds: 5 })]),
    ];
    const diagnosis = diagnosisOf({ forests, groups: [aGroup(3), aGroup(90, { state: "idle" })] });
    expect(diagnosis.rootCauses).toEqual(["connections-near-limit", "blocked-by-idle-transaction:session:1"]);
  });

  it("D6 a symptom of a P1 raises nothing, the worst root decides", () => {
    const diagnosis = diagnosisOf({ sessions: [aRunning(1, 100)] });
    expect(diagnosis.severity).toBe("P3");
  });

  it.each<[string, Scene]>([
    ["a quiet database", {}],
    ["a busy pool", { groups: [aGroup(70), aGroup(5, { state: "idle" })] }],
    [
      "old idle connections",
      { groups: [aGroup(3), aGroup(40, { state: "idle", oldestStateSeconds: 86_400, idleOverLeak: 40 })] },
    ],
    ["a backup", { sessions: [aRunning(1, 2400, { application: "pg_dump" })] }],
    [
      "one wait of 200 ms",
      {
        forests: [
          aForest([{ who: anIdleTransaction(1, 0.3) }, ...waiters(1, "session:1", { seconds: 0.2 })]),
        ],
      },
    ],
  ])("D6 finds nothing wrong in %s and proposes nothing", (_name, scene) => {
    const diagnosis = diagnosisOf(scene);
    expect(diagnosis.headline).toMatch(/^Nothing wrong found: connections \d+ of 97, \d+ active, /);
    expect(diagnosis.findings.filter(({ severity }) => severity !== "P3")).toEqual([]);
    expect(diagnosis.findings.flatMap(({ actions }) => actions)).toEqual([]);
  });

  it("D6 says the numbers when nothing is wrong", () => {
    const diagnosis = diagnosisOf({ sessions: [aRunning(1, 3)] });
    expect(diagnosis).toMatchObject({
      headline:
        "Nothing wrong found: connections 20 of 97, 8 active, no one waits for a lock, longest statement 3 s.",
      severity: null,
      rootCauses: [],
      confidence: 0.95,
      diagnosedAt: collectedAt,
    });
  });

  it("D7 names what it could not see and trusts its findings less", () => {
    const evidence = someEvidence(pileUp);
    const partial = {
      ...evidence,
      probes: evidence.probes.map((probe) =>
        probe.id === "postgres-connections"
          ? { ...probe, status: "timeout" as const, reason: "2 s were not enough", rows: [] }
          : probe,
      ),
    };
    const whole = diagnose(evidence, defaultSettings);
    const diagnosis = diagnose(partial, defaultSettings);
    expect(diagnosis.missing).toContainEqual({
      what: "probe postgres-connections",
      reason: "timed out: 2 s were not enough",
      howToSee: null,
    });
    expect(diagnosis.confidence).toBeLessThan(whole.confidence);
    expect(diagnosis.rootCauses).toEqual(whole.rootCauses);
  });

  it("D7 lowers confidence more when the rule's own probes failed", () => {
    const locks = [aForest([{ who: anIdleTransaction(1, 60) }, ...waiters(3, "session:1")])];
    const evidence = someEvidence({ engine: "mysql", forests: locks });
    const without = (id: string) =>
      diagnose(
        {
          ...evidence,
          probes: evidence.probes.map((probe) =>
            probe.id === id ? { ...probe, status: "failed" as const, reason: "denied", rows: [] } : probe,
          ),
        },
        defaultSettings,
      ).confidence;
    expect([without("none"), without("mysql-server"), without("mysql-metadata-locks")]).toEqual([
      0.95, 0.86, 0.66,
    ]);
  });

  it("D7 does not call a database healthy that it saw only in part", () => {
    const evidence = someEvidence();
    const probes = evidence.probes.filter(({ id }) => id !== "postgres-blocking");
    const diagnosis = diagnose({ ...evidence, probes }, defaultSettings);
    expect(diagnosis.verdict).toBe("unknown");
    expect(diagnosis.headline).toBe(
      "CANNOT JUDGE: who waits for whose locks could not be seen (no probe asked for it).",
    );
    expect(diagnosis.missing.map(({ what }) => what)).toEqual(["who waits for whose locks"]);
    expect(diagnosis.confidence).toBe(0.5);
  });

  it("D7 says exactly that the inside could not be seen", () => {
    const connection = aConnection({ status: "not-tried", detail: "the probing function did not answer" });
    const diagnosis = diagnosisOf({ overrides: { connection, probes: [] } });
    expect(diagnosis.headline).toBe(
      "CANNOT JUDGE: the inside of the database could not be seen (the probing function did not answer), and nothing else says what is wrong.",
    );
    expect(diagnosis.severity).toBeNull();
    expect(diagnosis.confidence).toBeLessThan(0.2);
  });

  it("D7 mentions rows that were left out and metrics that could not be read", () => {
    const missing = [{ what: "CPUUtilization", reason: "no data", howToSee: null }];
    const evidence = someEvidence({ overrides: { missing } });
    const truncated = aProbe("postgres-tables", [], { truncated: true, rowCount: 900 });
    const diagnosis = diagnose({ ...evidence, probes: [...evidence.probes, truncated] }, defaultSettings);
    expect(diagnosis.missing.map(({ what }) => what)).toEqual([
      "CPUUtilization",
      "rows of probe postgres-tables",
    ]);
  });

  it("D5 shows the way through the decision tree", () => {
    const diagnosis = diagnosisOf({ ...pileUp, overrides: { signal: anAlarm("DatabaseConnections") } });
    expect(diagnosis.path.map(({ answer }) => answer)).toEqual([
      "yes, in 12 ms",
      "yes",
      "yes: 221 of 247 used (89 %)",
      "yes: 200 sessions behind 1 root blocker",
      "longest statement 1 min 30 s",
      "could not be seen",
      "could not be seen",
      "severe: P1 (SEV-2), answer within 15 min; 3 findings",
    ]);
  });

  it("D5 says that an alarm stays unexplained when nothing was found", () => {
    const diagnosis = diagnosisOf({ overrides: { signal: anAlarm("CPUUtilization") } });
    expect(diagnosis.path.at(-1)?.answer).toBe("none found; the alarm on CPUUtilization is not explained");
  });

  it("T follows the thresholds it is given", () => {
    const thresholds = { ...defaultSettings.thresholds, connectionsWarnPercent: 10 };
    const diagnosis = diagnose(someEvidence(), { ...defaultSettings, thresholds });
    expect(diagnosis.rootCauses).toEqual(["connections-near-limit"]);
  });
});
