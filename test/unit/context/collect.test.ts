import { describe, expect, it } from "vitest";
import {
  createMemoryContext,
  type MemoryDatabase,
} from "../../../functions/adapters/memory/memory-context.ts";
import { createMemoryMetrics } from "../../../functions/adapters/memory/memory-metrics.ts";
import { contextReportSchema } from "../../../functions/core/contract/evidence.ts";
import type { Assignment } from "../../../functions/core/contract/workflow.ts";
import type { MetricQuery } from "../../../functions/core/ports.ts";
import { collect } from "../../../functions/core/respond/collect.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aCluster, aMember, aTopology } from "../../support/context-builder.ts";
import { aTarget } from "../../support/evidence-builder.ts";

const now = Date.parse("2026-11-21T10:00:00.000Z");
const clock = { now: () => now, sleep: async () => undefined };

const assignment: Assignment = {
  schema: "assignment.v1",
  incidentId: "inc-1",
  cycle: 1,
  target: aTarget(),
  signal: null,
  tiers: ["immediate"],
  settings: defaultSettings,
};

const database: MemoryDatabase = {
  topology: aTopology({ members: [aMember(), aMember({ id: "orders-r1", role: "replica" })] }),
  events: [
    {
      at: "2026-11-21T09:58:00.000Z",
      subject: "orders-db",
      source: "instance",
      categories: ["failover"],
      message: "done",
    },
    {
      at: "2026-11-19T09:58:00.000Z",
      subject: "orders-db",
      source: "instance",
      categories: ["failover"],
      message: "old",
    },
  ],
  logs: [
    {
      file: "error/postgresql.log",
      kind: "error",
      lastWrittenAt: null,
      truncated: false,
      text: "ERROR:  x\nSTATEMENT:  SELECT 'ada'",
    },
  ],
  load: [
    {
      by: "statement",
      items: [{ name: "SELECT * FROM t WHERE email = 'ada'", id: "1", load: 2, waits: [] }],
    },
  ],
  changes: [
    {
      at: "2026-11-21T09:00:00.000Z",
      source: "cloudtrail",
      subject: "orders-db",
      what: "ModifyDBInstance",
      by: "alice",
      detail: null,
      error: null,
    },
  ],
};

function lab() {
  const calls: { queries: readonly MetricQuery[]; from: number; to: number }[] = [];
  const answers = createMemoryMetrics(({ name, namespace, statistic, dimensions, periodSeconds }, from) => ({
    id: name,
    namespace,
    statistic,
    dimensions: { ...dimensions },
    unit: null,
    periodSeconds,
    points: [{ at: new Date(from).toISOString(), value: 5 }],
  }));
  const metrics = {
    read: (queries: readonly MetricQuery[], from: number, to: number) => {
      calls.push({ queries, from, to });
      return answers.read(queries, from, to);
    },
  };
  const context = createMemoryContext({ "orders-db": database });
  return { calls, metrics, answers, context, deps: { metrics, clock, context } };
}

describe("collecting", () => {
  it("M1 reads all parts, with four metric calls whatever the size of the group", async () => {
    const { deps, calls } = lab();
    const report = await collect(assignment, deps);
    expect(contextReportSchema.parse(report)).toEqual(report);
    expect(report.missing).toEqual([]);
    expect(calls).toHaveLength(4);
    expect(report.context).toMatchObject({
      readAt: "2026-11-21T10:00:00.000Z",
      topology: { kind: "rds-instance" },
      events: [{ message: "done" }],
      backups: { newestSnapshot: null },
    });
    expect(report.context?.changes?.map(({ what }) => what)).toEqual(["failover", "ModifyDBInstance"]);
    const cpu = report.context?.readings.filter(({ id }) => id === "CPUUtilization");
    expect(cpu?.map(({ subject, latest, baselineDay }) => [subject, latest, baselineDay])).toEqual([
      ["orders-db", 5, 5],
      ["orders-r1", 5, null],
    ]);
  });

  it("C3 nothing of users leaves the logs and the load", async () => {
    const report = await collect(assignment, lab().deps);
    expect(JSON.stringify(report)).not.toContain("ada");
    expect(report.context?.load?.[0]?.items[0]?.name).toBe("SELECT * FROM t WHERE email = ?");
  });

  it("M4 reads who writes on the source of a replica, without literals, and of a writer nothing more", async () => {
    const { deps } = lab();
    const of = { name: "orders-main", role: "writer", resourceId: "db-MAIN" } as const;
    const members = [
      aMember({ role: "replica", replicaOf: of.name }),
      aMember({ id: of.name, role: of.role, resourceId: of.resourceId }),
    ];
    const replica = { ...database, topology: aTopology({ kind: "read-replica", members }) };
    const source = { ...database, topology: aTopology({ members: members.slice(1) }) };
    const context = createMemoryContext({ "orders-db": replica, "orders-main": source });
    const report = await collect(assignment, { ...deps, context });
    expect(report.context?.sourceLoad?.[0]?.items[0]?.name).toBe("SELECT * FROM t WHERE email = ?");
    expect((await collect(assignment, deps)).context).not.toHaveProperty("sourceLoad");
  });

  it("M1 keeps the points of this database, and of the others only their lag", async () => {
    const { metrics } = await collect(assignment, lab().deps);
    const others = metrics.filter(({ dimensions }) => dimensions["DBInstanceIdentifier"] === "orders-r1");
    expect(others.map(({ id }) => id)).toEqual(["ReplicaLag"]);
    expect(metrics.length).toBeGreaterThan(20);
  });

  it.each(["events", "logs", "load", "backups", "changes"] as const)(
    "M6 %s that are denied cost only themselves",
    async (part) => {
      const { deps, context } = lab();
      context.refuse(part, "AccessDenied");
      const report = await collect(assignment, deps);
      expect(report.missing).toEqual([{ what: part, reason: "AccessDenied", howToSee: null }]);
      expect(report.context?.topology).not.toBeNull();
      for (const other of ["events", "logs", "load", "backups", "changes"] as const) {
        const lost = other === part && part !== "changes";
        expect([other, report.context?.[other] === null]).toEqual([other, lost]);
      }
    },
  );

  it("M6 without a topology the database's own metrics are read, and the load says why it is not", async () => {
    const { deps, context, calls } = lab();
    context.refuse("topology", "Throttling");
    const report = await collect(assignment, deps);
    expect(report.context?.topology).toBeNull();
    expect(new Set(calls[0]?.queries.flatMap(({ dimensions }) => Object.values(dimensions)))).toEqual(
      new Set(["orders-db"]),
    );
    expect(report.missing.map(({ what }) => what)).toEqual(["topology", "DB load of Performance Insights"]);
  });

  it("M6 metrics that fail are listed, the context is still there", async () => {
    const { deps, answers } = lab();
    answers.fail("Throttling");
    const report = await collect(assignment, deps);
    expect(report.context?.events).toHaveLength(1);
    expect(report.missing.some(({ reason }) => reason.includes("Throttling"))).toBe(true);
    expect(report.missing.map(({ what }) => what)).toEqual(expect.arrayContaining(["metrics of a day ago"]));
    expect(report.context?.readings.every(({ state }) => state === "missing")).toBe(true);
  });

  it("Q2 a port that throws costs its part only", async () => {
    const { deps } = lab();
    const context = { ...deps.context, backups: { read: () => Promise.reject(new Error("bug")) } };
    const report = await collect(assignment, { ...deps, context });
    expect(report.missing).toEqual([{ what: "backups", reason: "bug", howToSee: null }]);
  });

  it("Q2 parts that never answer end at the deadline, and the others are used", async () => {
    const { deps, context } = lab();
    context.stall("logs");
    context.stall("topology");
    const report = await collect(assignment, { ...deps, deadlines: { allMs: 60, topologyMs: 20 } });
    expect(report.missing.map(({ what, reason }) => `${what}: ${reason}`)).toEqual([
      "topology: not read before the deadline",
      "database logs: not read before the deadline",
      "DB load of Performance Insights: the DbiResourceId is not known: the instance was not described",
    ]);
    expect(report.metrics.length).toBeGreaterThan(20);
    expect(report.context?.events).toHaveLength(1);
  });

  it("Q2 a port that does not heed its signal cannot hold up the others", async () => {
    const { deps } = lab();
    const context = { ...deps.context, changes: { read: () => new Promise<never>(() => undefined) } };
    const report = await collect(assignment, { ...deps, context, deadlines: { allMs: 50, topologyMs: 20 } });
    expect(report.missing.map(({ what }) => what)).toEqual(["changes in CloudTrail"]);
    expect(report.context?.changes?.map(({ source }) => source)).toEqual(["rds-event"]);
  });

  it("M7 asks for the changes of the cluster's own parameter group, too, after those of the database", async () => {
    const { deps } = lab();
    const asked: string[] = [];
    const changes = {
      read: async (name: string) => {
        asked.push(name);
        const change = { ...database.changes?.[0], subject: name, what: `Modify of ${name}` } as never;
        return { value: [change], missing: [] };
      },
    };
    const read = async (parameterGroup: string) => {
      const topology = { ...database.topology, cluster: aCluster({ id: "shop", parameterGroup }) };
      const context = {
        ...deps.context,
        changes,
        topology: { read: async () => ({ value: topology, missing: [] }) },
      } as never;
      const target = aTarget({ clusterId: "shop" });
      return collect({ ...assignment, target }, { ...deps, context });
    };
    const report = await read("shop-aurora15");
    expect(asked).toEqual(["shop", "shop-aurora15"]);
    expect(report.context?.changes?.map(({ what }) => what)).toContain("Modify of shop-aurora15");
    await read("default.aurora-postgresql15");
    expect(asked.slice(2)).toEqual(["shop"]);
  });

  it("M1 without context ports there are metrics and no context", async () => {
    const { metrics } = lab();
    const report = await collect(assignment, { metrics, clock });
    expect(report.context).toBeNull();
    expect(report.metrics.length).toBeGreaterThan(20);
  });
});
