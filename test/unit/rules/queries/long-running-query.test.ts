import { describe, expect, it } from "vitest";
import type { Session } from "../../../../functions/core/contract/session.ts";
import { longRunningQuery as rule } from "../../../../functions/core/rules/queries/long-running-query.ts";
import { aGroup, anAlarm, aView, type Scene } from "../../../support/evidence-builder.ts";
import { aForest, anIdleTransaction, aRunning, waiters } from "../../../support/forest-builder.ts";
import { aVolume } from "../../../support/kind-scene.ts";
import { curveOf, metricView } from "../../../support/metric-scene.ts";

const cpuAlarm = { overrides: { signal: anAlarm("CPUUtilization") } };

function findingsOf(sessions: readonly Session[], scene: Scene = {}) {
  return rule.evaluate(aView({ sessions, ...scene }));
}

describe("long-running-query", () => {
  it("T begins at the threshold", () => {
    expect(findingsOf([aRunning(1, 59.9)])).toEqual([]);
    expect(findingsOf([aRunning(1, 60)])).toHaveLength(1);
  });

  it("D4 tells a report that harms nobody as P3 and never proposes to end it", () => {
    const [finding] = findingsOf([aRunning(1, 7200)]);
    expect(finding).toMatchObject({ severity: "P3", actions: [] });
    expect(finding?.summary).toContain("nobody waits for it and nothing is short");
  });

  it("T proposes a cancel only from the kill threshold on, and only when something suffers", () => {
    expect(findingsOf([aRunning(1, 299)], cpuAlarm)[0]).toMatchObject({ severity: "P2", actions: [] });
    expect(findingsOf([aRunning(1, 300)], cpuAlarm)[0]?.actions.map(({ id }) => id)).toEqual([
      "cancel-query",
    ]);
    expect(findingsOf([aRunning(1, 300)])[0]?.actions).toEqual([]);
  });

  it.each<[string, Partial<Session>, string]>([
    ["an export whose client is slow to read", { waitEvent: "Client/ClientWrite" }, "waits for its client"],
    ["a session that sleeps", { waitEvent: "Timeout/PgSleep", query: "SELECT pg_sleep(?)" }, "sleeps"],
    ["who waits for a pinned page", { waitEvent: "BufferPin/BufferPin" }, "keeps pinned"],
    ["a commit that waits for its replica", { waitEvent: "IPC/SyncRep", query: "COMMIT" }, "has committed"],
    ["a VACUUM", { query: "VACUUM (FREEZE) orders" }, "maintenance"],
    ["an index built CONCURRENTLY", { query: "CREATE INDEX CONCURRENTLY i ON t (a)" }, "maintenance"],
    ["who waits for storage while the CPU is short", { waitEvent: "IO/DataFileRead" }, "not seen at work"],
    ["who waits for another process", { waitEvent: "IPC/MessageQueueReceive" }, "not seen at work"],
  ])("A40 leaves %s alone, whatever load alarm is on", (_what, overrides, says) => {
    const [finding] = findingsOf([aRunning(1, 7200, overrides)], cpuAlarm);
    expect(finding).toMatchObject({ severity: "P3", actions: [] });
    expect(finding?.summary).toContain(says);
  });

  it("D4 blames a storage alarm on who waits for storage, not on who computes", () => {
    const scene = { overrides: { signal: anAlarm("ReadLatency") } };
    expect(findingsOf([aRunning(1, 400, { waitEvent: "IO/DataFileRead" })], scene)[0]?.actions).toHaveLength(
      1,
    );
    expect(findingsOf([aRunning(1, 400)], scene)[0]).toMatchObject({ severity: "P3", actions: [] });
  });

  describe.each([
    ["postgres", "IO:DataFileRead"],
    ["mysql", "executing"],
  ] as const)("D4 on %s, of storage that has been short for 20 min,", (engine, waitEvent) => {
    const found = (seconds: number, hours = true) => {
      const { values, earlier } = curveOf((ago) => (ago < 20 ? 2980 : 300));
      const [finding] = rule.evaluate(
        metricView({
          engine,
          self: { vcpus: 2, storage: aVolume({ allocatedGib: 200 }) },
          values: { ReadIOPS: values },
          readings: { ReadIOPS: { baselineDay: 300, baselineWeek: 300, ...(hours ? { earlier } : {}) } },
          overrides: { signal: anAlarm("DiskQueueDepth", { threshold: 20 }) },
          sessions: [aRunning(1, seconds, { waitEvent })],
        }),
      );
      return [finding?.severity, finding?.actions.map(({ id }) => id)];
    };

    it("blames who began shortly before it, and nobody who had worked for hours without harm", () => {
      expect(found(25 * 60)).toEqual(["P2", ["cancel-query"]]);
      expect(found(3 * 3600)).toEqual(["P3", []]);
    });

    it("blames who has worked for hours where nobody saw it begin", () => {
      expect(found(3 * 3600, false)).toEqual(["P2", ["cancel-query"]]);
    });
  });

  it("D11 asks a person where it was not seen how much of the CPU it takes", () => {
    const [action] = findingsOf([aRunning(1, 400)], cpuAlarm)[0]?.actions ?? [];
    expect(action?.automatic).toBe(true);
    expect(action?.causes).toBeUndefined();
    expect(action?.ends).toBeUndefined();
  });

  it.each(["postgres", "mysql"] as const)(
    "D11 asks a person on %s where it merely could take the CPU that is taken",
    (engine) => {
      const view = metricView({
        values: { CPUUtilization: Array.from({ length: 15 }, () => 90) },
        self: { vcpus: 2 },
        sessions: [aRunning(1, 400, { waitEvent: engine === "mysql" ? "executing" : null })],
      });
      const { target } = view.evidence;
      const [finding] = rule.evaluate({
        ...view,
        evidence: { ...view.evidence, target: { ...target, engine } },
      });
      expect(finding?.actions).not.toEqual([]);
      expect(finding?.actions.flatMap(({ causes, ends }) => [causes, ends]).filter(Boolean)).toEqual([]);
    },
  );

  it("D3 does not blame one report for a pool that others fill", () => {
    const groups = [aGroup(1), aGroup(94, { state: "idle" })];
    expect(findingsOf([aRunning(1, 600)], { groups })[0]).toMatchObject({ severity: "P3", actions: [] });
  });

  it("D3 blames long statements for the pool when they are what fills it", () => {
    const sessions = Array.from({ length: 80 }, (_, index) =>
      aRunning(index + 1, 400, { query: `SELECT sum(amount) FROM orders_${index}` }),
    );
    const findings = findingsOf(sessions, { groups: [aGroup(80), aGroup(10, { state: "idle" })] });
    expect(findings[0]).toMatchObject({ severity: "P2" });
    expect(findings[0]?.explains.map(({ cause }) => cause)).toContain("connections-near-limit");
    expect(findings).toHaveLength(6);
    expect(findings.at(-1)?.summary).toContain("75 more statements");
  });

  it("D3 tells the same statement of one client once, with how often it runs and how many it proposes to end", () => {
    const sessions = Array.from({ length: 50 }, (_, index) => aRunning(index + 1, 400));
    const others = [aRunning(60, 400, { application: "billing" }), aRunning(61, 350, { client: "10.0.0.8" })];
    const findings = findingsOf([...sessions, ...others], cpuAlarm);
    expect(findings.map(({ subject }) => subject)).toEqual(["session:1", "session:60", "session:61"]);
    expect(findings[0]?.summary).toContain("50 times the same statement of one client running");
    expect(findings[0]?.actions).toHaveLength(3);
    expect(findings[0]?.actions[0]?.consequence).toContain(
      "it is one of 50 that run the same: 3 are proposed here, and 47 run on",
    );
  });

  it.each<[string, Partial<Session>]>([
    ["replication", { kind: "replication" }],
    ["autovacuum", { kind: "autovacuum" }],
    ["a parallel worker", { kind: "parallel-worker" }],
    ["the responder", { own: true }],
    ["rdsadmin", { user: "rdsadmin" }],
    ["an idle session", { state: "idle" }],
  ])("D4 leaves out %s", (_name, overrides) => {
    expect(findingsOf([aRunning(1, 7200, overrides)], cpuAlarm)).toEqual([]);
  });

  it("A40 mentions a backup at low confidence and leaves it alone even under pressure", () => {
    const [finding] = findingsOf([aRunning(1, 7200, { application: "pg_dump" })], cpuAlarm);
    expect(finding).toMatchObject({ severity: "P3", confidence: 0.3, actions: [] });
  });

  it("D3 tells all that wait behind one blocker as one symptom of it", () => {
    const forests = [
      aForest([{ who: anIdleTransaction(1, 300) }, ...waiters(30, "session:1", { seconds: 90 })]),
    ];
    const findings = rule.evaluate(aView({ forests }));
    expect(findings.map(({ subject }) => subject)).toEqual(["behind:session:1"]);
    expect(findings[0]?.summary).toContain(
      "30 statements have run for over 1 min because they wait for a lock",
    );
    expect(findings[0]?.actions).toEqual([]);
  });

  it("D3 counts a waiter that the forest left out with its only blocker", () => {
    const all = waiters(30, "session:1", { seconds: 90 });
    const omit = new Set(["session:9029"]);
    const forests = [aForest([{ who: anIdleTransaction(1, 300) }, ...all], omit)];
    const sessions = all.flatMap(({ who }) => ("gid" in who ? [] : [who]));
    const findings = findingsOf(sessions, { forests });
    expect(findings.map(({ subject }) => subject)).toEqual(["behind:session:1"]);
    expect(findings[0]?.summary).toContain("30 statements");
  });

  it("A1 leaves ending a statement that blocks others to the rule about blocking", () => {
    const forests = [aForest([{ who: aRunning(1, 600) }, ...waiters(3, "session:1", { seconds: 5 })])];
    const findings = rule.evaluate(aView({ forests, ...cpuAlarm }));
    expect(findings.find(({ subject }) => subject === "session:1")).toMatchObject({ actions: [] });
  });
});
