import { describe, expect, it } from "vitest";
import { backupAge } from "../../../functions/core/context/backup-age.ts";
import { fitReport } from "../../../functions/core/context/fit-report.ts";
import { hasLocalStorage, vcpusOf } from "../../../functions/core/context/instance-class.ts";
import { eventSubjects, recentChanges } from "../../../functions/core/context/recent-changes.ts";
import { topologyKind } from "../../../functions/core/context/topology-kind.ts";
import type { DatabaseContext, RdsEvent } from "../../../functions/core/contract/context.ts";
import { type ContextReport, contextReportSchema } from "../../../functions/core/contract/evidence.ts";
import { metricReadings } from "../../../functions/core/metrics/readings.ts";
import { aCluster, aMember, aTopology } from "../../support/context-builder.ts";
import { aMetric, aTarget } from "../../support/evidence-builder.ts";

const readAt = "2026-11-21T10:00:00.000Z";

function aContext(overrides: Partial<DatabaseContext> = {}): DatabaseContext {
  return {
    schema: "database-context.v1",
    readAt,
    topology: aTopology(),
    readings: [],
    events: [],
    logs: [],
    load: [],
    backups: {
      newestSnapshot: { id: "rds:s", at: "2026-11-21T03:00:00.000Z", type: "automated", status: "available" },
      restorableFrom: "2026-11-14T03:00:00.000Z",
      restorableTo: "2026-11-21T09:55:00.000Z",
    },
    changes: [],
    ...overrides,
  };
}

describe("instance classes", () => {
  it.each([
    ["db.m7g.large", 2],
    ["db.r6g.xlarge", 4],
    ["db.r6g.2xlarge", 8],
    ["db.x2iedn.32xlarge", 128],
    ["db.t4g.micro", 2],
    ["db.t3.medium", 2],
    ["db.t2.small", 1],
    ["db.m3.medium", 1],
    ["db.serverless", null],
    ["db.m5.metal", null],
    ["db.r6i.8xlarge.tpc2.mem4x", null],
    ["nonsense", null],
    [null, null],
  ])("M1 %s has %s vCPUs", (instanceClass, vcpus) => {
    expect(vcpusOf(instanceClass)).toBe(vcpus);
  });

  it("M1 knows classes with local storage from those without", () => {
    expect(
      ["db.m6gd.large", "db.r6id.xlarge", "db.x2iedn.xlarge", "db.m5d.large"].every(hasLocalStorage),
    ).toBe(true);
    expect(["db.r6g.large", "db.m7g.large", "db.t4g.medium", "db.r5b.large"].some(hasLocalStorage)).toBe(
      false,
    );
  });
});

describe("topology", () => {
  it("M2 a global database goes before the class, a replica before its standby", () => {
    const plain = {
      aurora: false,
      instanceClass: "db.m7g.large",
      multiAz: true,
      inCluster: false,
      inGlobalCluster: false,
      isReplica: false,
    };
    expect(topologyKind(plain)).toBe("multi-az-instance");
    expect(topologyKind({ ...plain, multiAz: false })).toBe("rds-instance");
    expect(topologyKind({ ...plain, isReplica: true })).toBe("read-replica");
    expect(topologyKind({ ...plain, inCluster: true })).toBe("multi-az-cluster");
    const aurora = { ...plain, aurora: true, inCluster: true, instanceClass: "db.serverless" };
    expect(topologyKind(aurora)).toBe("aurora-serverless-v2");
    expect(topologyKind({ ...aurora, inGlobalCluster: true })).toBe("aurora-global");
  });
});

describe("what changed", () => {
  const event = (at: string, categories: string[], source: RdsEvent["source"] = "instance"): RdsEvent => ({
    at,
    subject: "orders-db",
    source,
    categories,
    message: "m",
  });

  it("M7 joins calls and events that change something, newest first", () => {
    const called = [
      {
        at: "2026-11-21T08:00:00Z",
        source: "cloudtrail",
        subject: "orders-db",
        what: "ModifyDBInstance",
        by: "alice",
        detail: null,
        error: null,
      },
    ] as const;
    const events = [
      event("2026-11-21T09:00:00Z", ["failover"]),
      event("2026-11-21T09:30:00Z", ["backup"]),
      event("2026-11-21T07:00:00Z", [], "parameter-group"),
    ];
    expect(recentChanges(called, events)?.map(({ at, what }) => `${at.slice(11, 13)} ${what}`)).toEqual([
      "09 failover",
      "08 ModifyDBInstance",
      "07 ",
    ]);
    expect(recentChanges(null, events)).toHaveLength(2);
    expect(recentChanges(null, null)).toBeNull();
  });

  it("M3 asks for events of the database, its cluster and its own parameter groups, and of the others last", () => {
    const members = [
      aMember({
        parameterGroups: [
          { name: "default.postgres17", status: null },
          { name: "orders-17", status: null },
        ],
      }),
      aMember({ id: "orders-r1", role: "replica" }),
      aMember({ id: "orders-us", role: "replica", here: false }),
    ];
    const subjects = eventSubjects(aTarget({ clusterId: "orders" }), aTopology({ members }));
    expect(subjects.map(({ source, id }) => `${source} ${id}`)).toEqual([
      "instance orders-db",
      "cluster orders",
      "parameter-group orders-17",
      "instance orders-r1",
    ]);
    expect(eventSubjects(aTarget(), null)).toEqual([{ source: "instance", id: "orders-db" }]);
  });
});

describe("backups", () => {
  it("M5 fresh ones are fine, old ones and none at all are said to be", () => {
    expect(backupAge(aContext())).toMatchObject({
      retentionDays: 7,
      snapshotHours: 7,
      restoreLagMinutes: 4,
      stale: [],
    });
    const old = { id: "rds:s", at: "2026-11-18T10:00:00.000Z", type: null, status: "available" };
    const stale = aContext({ backups: { newestSnapshot: old, restorableFrom: null, restorableTo: null } });
    expect(backupAge(stale).stale).toEqual(["the newest snapshot is 72 hours old"]);
    const behind = aTopology({ members: [aMember({ latestRestorableAt: "2026-11-21T08:00:00.000Z" })] });
    expect(backupAge(aContext({ topology: behind })).stale).toEqual([
      "point-in-time recovery ends 120 minutes ago",
    ]);
  });

  it("M5 no retention is a finding, but not on a replica, and nothing read is no finding", () => {
    const off = { members: [aMember({ backupRetentionDays: 0, latestRestorableAt: null })] };
    expect(backupAge(aContext({ topology: aTopology(off) })).stale).toEqual(["automated backups are off"]);
    expect(backupAge(aContext({ topology: aTopology({ ...off, kind: "read-replica" }) })).stale).toEqual([]);
    expect(backupAge(aContext({ topology: null, backups: null }))).toEqual({
      retentionDays: null,
      snapshotHours: null,
      restoreLagMinutes: null,
      stale: [],
    });
  });

  it("M5 a cluster's own retention and window count", () => {
    const topology = aTopology({ cluster: aCluster({ latestRestorableAt: "2026-11-21T09:00:00.000Z" }) });
    expect(backupAge(aContext({ topology })).restoreLagMinutes).toBe(60);
  });
});

describe("the size of a report", () => {
  const members = [
    aMember(),
    ...Array.from({ length: 15 }, (_, at) => aMember({ id: `orders-r${at}`, role: "replica" })),
  ];
  const topology = aTopology({ members });
  const nothing = { series: [], missing: [] };
  const text = "x".repeat(480);
  const full: ContextReport = {
    schema: "context-report.v1",
    metrics: Array.from({ length: 60 }, (_, at) => aMetric(`Metric${at}`, Array(15).fill(1 / 3))),
    missing: [],
    context: aContext({
      topology,
      readings: [...metricReadings(aTarget(), topology, { now: nothing, day: nothing, week: nothing })],
      events: Array.from({ length: 60 }, () => ({
        at: readAt,
        subject: "orders-db",
        source: "instance",
        categories: [],
        message: text,
      })),
      logs: [
        { file: "f", kind: "error", lastWrittenAt: null, lines: Array(40).fill(text), truncated: false },
      ],
      load: [
        {
          by: "statement",
          items: Array.from({ length: 10 }, () => ({ name: text, id: "1", load: 1, waits: [] })),
        },
      ],
    }),
  };

  it("Q2 the fullest one fits 80 KiB, says what was cut, and keeps topology and own readings", () => {
    const fitted = fitReport(full);
    expect(JSON.stringify(full).length).toBeGreaterThan(120 * 1024);
    expect(JSON.stringify(fitted).length).toBeLessThanOrEqual(80 * 1024);
    expect(contextReportSchema.parse(fitted)).toEqual(fitted);
    expect(fitted.missing[0]?.reason).toBe("the report would be too large");
    expect(fitted.context?.topology).toEqual(topology);
    const own = fitted.context?.readings.filter(({ subject }) => subject === "orders-db").length;
    expect(own).toBe(full.context?.readings.filter(({ subject }) => subject === "orders-db").length);
    expect(fitted.metrics.every(({ points }) => points.length > 0)).toBe(true);
  });

  it("Q2 a small one stays as it is", () => {
    const small: ContextReport = { ...full, metrics: [], context: aContext() };
    expect(fitReport(small)).toBe(small);
  });
});
