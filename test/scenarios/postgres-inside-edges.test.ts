import { describe, expect, it } from "vitest";
import { cleanLog } from "../../functions/core/context/clean-log.ts";
import { limitsSet } from "../../functions/core/facts/limits-set.ts";
import { tooManyConnections } from "../../functions/core/rules/connections/too-many-connections.ts";
import { collectedAt } from "../support/evidence-builder.ts";
import { metricView } from "../support/metric-scene.ts";
import { aPlan, aStatement, aTable, busy } from "../support/statement-builder.ts";
import { standby } from "./support/inside/replication-counters-seen.ts";
import { alarming, firstRoot } from "./support/inside/told.ts";
import { databaseRates, diagnosed } from "./support/inside/world.ts";

/** What a fresh reader proved wrong of what is read from inside. */
describe("a small table that all look up, which autoanalyze never comes to", () => {
  const tenants = (rowsPerSeqScan: number) => {
    const table = aTable({ table: "tenants", liveRows: 12, bytes: 0 });
    return {
      ...{ ...table, lastAnalyzeSeconds: null, lastAutoanalyzeSeconds: null, lastVacuumSeconds: null },
      ...{ lastAutovacuumSeconds: null, uncountedPages: 40_000_000 },
      sinceReset: { ...table.sinceReset, rowsPerSeqScan },
    };
  };
  const query = "SELECT o.* FROM orders o JOIN tenants t ON t.id = o.tenant_id WHERE t.name = $1";
  const at = (rowsPerSeqScan: number, problems: ReturnType<typeof aPlan>["problems"] = []) =>
    diagnosed({
      metrics: { CPUUtilization: 97, DBLoad: 6, DBLoadCPU: 5.8 },
      rows: {
        "postgres-tables": [aTable(), tenants(rowsPerSeqScan)],
        "postgres-plans": [aPlan({ query, problems })],
        "postgres-top-statements": [aStatement({ query, now: busy })],
      },
    });

  it("D11 is not the cause of a dear statement on it", () => {
    expect(firstRoot(at(12))?.id).not.toBe("stale-statistics");
    expect(firstRoot(at(400_000))?.id).not.toBe("stale-statistics");
  });

  it("D4 is, where it is large and its plan is wrong", () => {
    const detail = "1 rows are expected, 90000 come on average";
    expect(firstRoot(at(400_000, [{ kind: "row-estimate", relation: null, detail }]))?.id).toBe(
      "stale-statistics",
    );
  });
});

describe("a standby that hears nothing", () => {
  const silent = (wal_receiver_timeout: string | null) => {
    const seen = standby({ lastMessageSeconds: 140, replayedBytes: 0 });
    return alarming(
      diagnosed({ ...seen, settings: wal_receiver_timeout === null ? {} : { wal_receiver_timeout } }),
    );
  };

  it.each(["0ms", "300000ms"])("D7 has an idle primary where it asks nobody or seldom: %s", (timeout) => {
    expect(silent(timeout)).toEqual([]);
  });

  it("D4 is stopped where it should have given up long ago", () => {
    expect(silent("60000ms")).not.toEqual([]);
  });
});

describe("limits that end statements", () => {
  const setting = (name: string, more: object) => ({
    ...{ name, unit: "ms", bytes: null, pendingRestart: false, overrides: [], bootValue: null },
    ...{ context: "user", source: "configuration file", ...more },
  });
  const view = metricView({
    probes: {
      "postgres-settings": [
        setting("statement_timeout", { value: "30000", seconds: 30, overrides: ["*@shop=15min", "*@*=2s"] }),
        setting("lock_timeout", { value: "5000", seconds: 5, source: "user" }),
      ],
    },
  });

  it("D11 are not blamed beside errors of another kind", () => {
    expect(limitsSet(view, "shop", ["duplicate key value violates unique constraint"])).toBeNull();
  });

  it("D2 are named where the log says so, and with their doubt where nobody read it", () => {
    const both = "statement_timeout 30 s, statement_timeout *@*=2s";
    expect(limitsSet(view, "shop", ["canceling statement due to statement timeout"])).toBe(
      "statements fail by: statement_timeout 30 s, statement_timeout *@shop=15min, statement_timeout *@*=2s",
    );
    expect(limitsSet(view, "shop", null)).toBe(
      `set; whether statements fail by it stands in the log: ${both}`,
    );
  });
});

describe("a role's own limit at the first look", () => {
  const of = "role";
  const at = (used: number, refusals: number) => {
    const time = new Date(Date.parse(collectedAt) - 20_000).toISOString().slice(0, 19).replace("T", " ");
    const line = `${time} UTC:10.0.0.7(54):shop@app:[71]:FATAL:  too many connections for role "shop"`;
    const log = { file: "error/x.log", kind: "error", lastWrittenAt: collectedAt, truncated: false } as const;
    const options = {
      dialect: "postgres",
      queryText: "normalised",
      maxLines: 60,
      maxLineLength: 500,
    } as const;
    const text = Array.from({ length: refusals }, () => line).join("\n");
    const view = metricView({
      context: { logs: [cleanLog({ ...log, text }, options)] },
      probes: { "postgres-own-limits": [{ of, name: "shop", used, limit: 30 }] },
    });
    return tooManyConnections.evaluate(view).map(({ severity, subject }) => `${severity} ${subject}`);
  };

  it("D6 is P1 where somebody is refused, by the log as well while one has just gone", () => {
    expect(at(30, 14)).toEqual(["P1 role:shop"]);
    expect(at(30, 0)).toEqual(["P2 role:shop"]);
    expect(at(29, 14)).toEqual(["P2 role:shop"]);
    expect(at(29, 0)).toEqual([]);
  });
});

it("D11 one temporary file that happened to end is not why storage is slow", () => {
  const at = (files: number, bytes: number) =>
    firstRoot(
      diagnosed({
        metrics: { ReadIOPS: 9000, ReadLatency: 0.09, DiskQueueDepth: 90, WriteThroughput: 30e6 },
        rows: {
          "postgres-database-rates": [
            databaseRates({ tempFilesPerSecond: files, tempBytesPerSecond: bytes }),
          ],
          "postgres-top-statements": null,
        },
      }),
    )?.id;
  expect(at(1, 40e6)).toBe("io-saturated");
  expect(at(24, 420e6)).toBe("spilling-query");
});
