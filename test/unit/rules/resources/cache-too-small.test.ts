import { describe, expect, it } from "vitest";
import { cacheTooSmall } from "../../../../functions/core/rules/resources/cache-too-small.ts";
import { context } from "../../../scenarios/support/rds.ts";
import { aTarget } from "../../../support/evidence-builder.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

const aurora = { overrides: { target: aTarget({ flavour: "aurora" as const }) } };

describe("cache-too-small", () => {
  const at = (ratio: number, reads: number, latency: number) => {
    const values = { BufferCacheHitRatio: held(ratio), ReadIOPS: held(reads), ReadLatency: held(latency) };
    const { overrides } = aurora;
    const view = metricView({ values });
    return cacheTooSmall.evaluate({ ...view, evidence: { ...view.evidence, ...overrides } })[0];
  };

  it("T speaks below 95 % of hits, and only of reads worth counting", () => {
    expect(at(95, 900, 0.001)).toBeUndefined();
    expect(at(94, 99, 0.001)).toBeUndefined();
    expect(at(94, 100, 0.001)).toMatchObject({ severity: "P3", explains: [] });
  });

  it("D6 is P2 only where storage is slow, which it then explains", () => {
    expect(at(80, 900, 0.05)).toMatchObject({ severity: "P2" });
    expect(at(80, 900, 0.05)?.explains.map(({ cause }) => cause)).toEqual(["io-saturated"]);
  });

  it("D4 takes no dump for a want of cache: what is read once is found in none", () => {
    const seen = (name: string) => {
      const waits = [
        { name: "IO:DataFileRead", load: 1.2 },
        { name: "CPU", load: 0.7 },
      ];
      const lookups = [{ name: "IO:DataFileRead", load: 0.3 }];
      const items = [
        { name: "SELECT amount FROM ledger WHERE id = ?", id: null, load: 2.5, waits: lookups },
        { name, id: null, load: 1.9, waits },
      ];
      const load = [{ by: "statement" as const, items }];
      const view = metricView({ values: { BufferCacheHitRatio: held(93), ReadIOPS: held(7000) } });
      const evidence = { ...view.evidence, ...aurora.overrides, context: context({ load }) };
      return cacheTooSmall.evaluate({ ...view, evidence });
    };
    expect(seen("COPY public.ledger (id, amount) TO stdout")).toEqual([]);
    expect(seen("COPY public.ledger (id, amount) FROM stdin")).toHaveLength(1);
    expect(seen("SELECT sum(amount) FROM ledger GROUP BY owner")).toHaveLength(1);
  });

  describe("of a server that was started a while ago", () => {
    const pool = (freePercent: number, uptimeSeconds: number) =>
      cacheTooSmall.evaluate(
        metricView({
          engine: "mysql",
          server: { uptimeSeconds },
          values: { ReadIOPS: held(900), ReadLatency: held(0.05) },
          probes: { "mysql-innodb-rates": [rates({ freePercent, uptimeSeconds })] },
        }),
      )[0];

    it("D4 says that the cache is warming up, which a larger class would begin anew", () => {
      const cold = pool(92, 240);
      expect(cold?.summary).toContain("it is warming up: the server has been up for 4 min");
      expect(cold?.actions).toEqual([]);
      expect(pool(2, 1799)?.actions).toEqual([]);
      expect(pool(2, 1800)?.actions).toHaveLength(1);
    });

    it("D4 proposes no larger cache where there is room in it", () => {
      expect(pool(20, 86_400)?.actions).toHaveLength(1);
      expect(pool(20.1, 86_400)?.actions).toEqual([]);
      expect(pool(20.1, 86_400)?.summary).toContain("20 % of the buffer pool are free");
    });
  });
});

function rates({ freePercent, uptimeSeconds }: { freePercent: number; uptimeSeconds: number }) {
  const none = {
    statementsPerSecond: 10,
    commitsPerSecond: 1,
    rollbacksPerSecond: 0,
    slowQueriesPerSecond: 0,
    logWaitsPerSecond: 0,
    logBytesPerSecond: 0,
    tmpTablesPerSecond: 0,
    tmpDiskTablesPerSecond: 0,
    tmpDiskPercent: null,
    sortMergePassesPerSecond: 0,
    fullScansPerSecond: 0,
    fullJoinsPerSecond: 0,
    rowsScannedPerSecond: 0,
    rowsByKeyPerSecond: 0,
    threadsCreatedPerSecond: 0,
    connectionsPerSecond: 0,
    abortedConnectsPerSecond: 0,
    abortedClientsPerSecond: 0,
    tableCacheMissesPerSecond: 0,
    tableCacheOverflowsPerSecond: 0,
  };
  return {
    intervalSeconds: 1,
    uptimeSeconds,
    ...none,
    bufferPool: {
      bytes: 1e9,
      freePercent,
      dirtyPercent: 1,
      hitPercent: 80,
      readRequestsPerSecond: 4500,
      diskReadsPerSecond: 900,
      waitsForFreePagePerSecond: 0,
      pagesFlushedPerSecond: 1,
    },
    rowLocks: { waitingNow: 0, waitsPerSecond: 0, averageWaiters: 0 },
    threads: { running: 2, connected: 5, maxUsed: 9 },
    sinceStart: {
      hitPercent: 80,
      tmpDiskPercent: null,
      logWaits: 0,
      rowLockWaits: 0,
      waitsForFreePage: 0,
      abortedConnects: 0,
      abortedClients: 0,
      slowQueries: 0,
    },
  };
}
