import { describe, expect, it } from "vitest";
import { type MetricSpec, metricCatalogue } from "../../functions/core/metrics/metric-catalogue.ts";
import { calmReader } from "./support/outside/calm.ts";
import { type Curve, type Curves, turns, usual } from "./support/outside/curves.ts";
import { above, below } from "./support/outside/described.ts";
import { farMetrics } from "./support/outside/far-metrics.ts";
import {
  type Flavour,
  ordinary,
  ordinaryReader,
  rootsOf,
  told,
  type Unlike,
} from "./support/outside/ordinary.ts";

const gib = 1024 ** 3;
const flavours: readonly Flavour[] = ["postgres", "mysql", "aurora-postgres", "aurora-mysql"];

/** Of these classes, of a writer alone: others are played by scenarios of their own. */
const elsewhere =
  /^(BurstBalance|CPU.*Credit.*|ServerlessDatabaseCapacity|ACUUtilization|ReplicaLag|AuroraReplicaLag|AuroraGlobalDB.*)$/;

function publishedBy(flavour: Flavour, spec: MetricSpec): boolean {
  const aurora = flavour.startsWith("aurora");
  return spec.publishedBy({
    engine: flavour.endsWith("mysql") ? "mysql" : "postgres",
    aurora,
    role: "writer",
    instanceClass: aurora ? "db.r6g.xlarge" : "db.m6g.xlarge",
    storageType: "gp3",
    inMultiAzCluster: false,
    global: null,
  });
}

function changed(flavour: Flavour, values: Readonly<Record<string, number>>, minutes: number): Curves {
  const { metrics } = ordinary(flavour);
  const before: Curve = () => 0;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      turns(metrics[name] ?? (/Free.*LogVolume/.test(name) ? usual(960 * gib) : before), minutes, value),
    ]),
  );
}

async function seen(flavour: Flavour, unlike: Unlike) {
  const diagnosis = await told(ordinary(flavour, unlike));
  const keys = rootsOf(diagnosis).map(({ key }) => key);
  return { diagnosis, keys, all: `${keys.join(" ")}\n${diagnosis.headline}` };
}

function holds(said: string, name: string, expected: string | null): boolean {
  if (expected === null) return true;
  return expected
    .split("|")
    .some((word) => said.includes(word === "far" ? `far from usual is ${name}` : word));
}

const cases = flavours.flatMap((flavour) =>
  metricCatalogue
    .filter((spec) => publishedBy(flavour, spec) && !elsewhere.test(spec.name))
    .map((spec) => ({ flavour, name: spec.name, statistic: spec.statistic })),
);

describe("every metric that is read, far from its usual level", () => {
  it.each(cases)("D7 $flavour $name is told", async ({ flavour, name, statistic }) => {
    const [low, atLow, high, atHigh] = farMetrics[name] ?? [0, "not in the table", 0, null];
    for (const { value, expected, alarmOf } of [
      { value: low, expected: atLow, alarmOf: below },
      { value: high, expected: atHigh, alarmOf: above },
    ]) {
      for (const minutes of expected === null ? [] : [15, 170]) {
        const { all, diagnosis } = await seen(flavour, {
          metrics: changed(flavour, { [name]: value }, minutes),
        });
        expect(holds(all, name, expected), `${value} for ${minutes} min: ${all}`).toBe(true);
        expect(diagnosis.verdict).not.toBe("well");
      }
      const alarm = alarmOf(
        name,
        (value + (ordinary(flavour).metrics[name]?.(0) ?? 0)) / 2,
        [value],
        6,
        statistic,
      );
      const metrics = changed(flavour, { [name]: value }, 15);
      const { diagnosis } = await seen(flavour, { metrics, alarm });
      expect(diagnosis.verdict).not.toBe("well");
      if (diagnosis.findings.length === 0) expect(diagnosis.headline).toContain(name);
    }
  });

  it.each([
    ["full CPU with its queue", flavours, { CPUUtilization: 97, DBLoad: 14, DBLoadCPU: 13 }, "cpu-saturated"],
    ["memory and swap", flavours, { FreeableMemory: 60 * 1024 ** 2, SwapUsage: 2 * gib }, "memory-pressure"],
    [
      "slow reads that queue",
      flavours,
      { ReadLatency: 0.06, DiskQueueDepth: 40, DBLoad: 22 },
      "io-saturated",
    ],
    [
      "WAL that takes the volume",
      ["postgres"],
      { TransactionLogsDiskUsage: 92 * gib, FreeStorageSpace: 22 * gib },
      "storage-low",
    ],
    [
      "a slot that takes it",
      ["postgres"],
      { OldestReplicationSlotLag: 91 * gib, TransactionLogsDiskUsage: 92 * gib, FreeStorageSpace: 22 * gib },
      "wal-retained-by-slot",
    ],
    [
      "binary logs that take it",
      ["mysql"],
      { BinLogDiskUsage: 92 * gib, FreeStorageSpace: 22 * gib },
      "log-or-binlog-fills-storage",
    ],
    [
      "credits and what they cost",
      ["postgres"],
      { "EBSIOBalance%": 2, ReadLatency: 0.04, DBLoad: 20 },
      "burst-balance-exhausted",
    ],
  ] as const)("D3 %s is one cause", async (_, of, values, cause) => {
    for (const flavour of of) {
      const { keys } = await seen(flavour, { metrics: changed(flavour, values, 15) });
      expect(keys[0]?.split(":")[0], flavour).toBe(cause);
    }
  });

  it("D7 work that stands still while its clients stay is told, and as no small matter", async () => {
    const values = {
      CPUUtilization: 2,
      WriteIOPS: 2,
      NetworkReceiveThroughput: 2000,
      NetworkTransmitThroughput: 3000,
    };
    for (const flavour of flavours) {
      const { diagnosis } = await seen(flavour, { metrics: changed(flavour, values, 15) });
      expect(diagnosis).toMatchObject({ verdict: "unknown", severity: "P2" });
      expect(diagnosis.headline).toContain("far from usual is CPUUtilization");
    }
  });
});

const busy = {
  CPUUtilization: 52,
  DatabaseConnections: 150,
  ReadIOPS: 450,
  WriteIOPS: 700,
  NetworkReceiveThroughput: 1.6e6,
  NetworkTransmitThroughput: 5.4e6,
  DBLoad: 2.1,
  DBLoadCPU: 1.7,
  DBLoadNonCPU: 0.6,
  DiskQueueDepth: 1.6,
  Queries: 3600,
  CommitThroughput: 380,
};

describe("an ordinary day", () => {
  it.each(flavours)("D7 %s: neither rest nor a busy hour is a fault", async (flavour) => {
    const quiet: Unlike["metrics"] = calmReader(ordinaryReader, 32);
    for (const metrics of [quiet, changed(flavour, busy, 15), changed(flavour, busy, 170)]) {
      const { diagnosis, keys } = await seen(flavour, { metrics });
      expect(keys).toEqual([]);
      expect(diagnosis.severity ?? "P3").toBe("P3");
      expect(diagnosis.headline).toContain("From outside nothing serious shows");
    }
  });
});
