import { describe, expect, it } from "vitest";
import type { MysqlLimitsRow } from "../../../../functions/core/probes/mysql/limits/rows.ts";
import type { ConnectionGroup } from "../../../../functions/core/probes/rows.ts";
import { instanceLimitReached as rule } from "../../../../functions/core/rules/resources/instance-limit-reached.ts";
import { aGroup, aProbe, aTarget, aView, someEvidence } from "../../../support/evidence-builder.ts";
import { ratesOfMysql } from "../../../support/mysql-rates-builder.ts";

const well: MysqlLimitsRow = {
  preparedStatements: { used: 900, max: 16_382 },
  openFiles: { used: 60, max: 20_000 },
  openTables: { used: 400, max: 4000 },
  maxUserConnections: 0,
  maxConnectErrors: 100,
  refusals: [],
  blockedHosts: [],
  statementOwners: null,
};

interface Given {
  readonly limits?: Partial<MysqlLimitsRow>;
  readonly groups?: readonly ConnectionGroup[];
  readonly rates?: Parameters<typeof ratesOfMysql>[0];
  readonly engine?: "mysql" | "mariadb";
}

function findingsOf({ limits, groups, rates, engine = "mysql" }: Given) {
  const { probes } = someEvidence({ engine, ...(groups ? { groups } : {}) });
  const target = aTarget({ engine, flavour: "self-managed" });
  const more = [
    aProbe("mysql-limits", [{ ...well, ...limits }]),
    aProbe("mysql-innodb-rates", [ratesOfMysql(rates)]),
  ];
  return rule.evaluate(aView({ engine, overrides: { target, probes: [...probes, ...more] } }));
}

describe("instance-limit-reached", () => {
  it("D4 says nothing of a server far from its limits", () => {
    expect(findingsOf({})).toEqual([]);
  });

  it("D6 is P1 while something is refused, P2 where nothing was, and P3 while it is only near", () => {
    const prepared = (used: number, refusals: MysqlLimitsRow["refusals"]) =>
      findingsOf({ limits: { preparedStatements: { used, max: 16_382 }, refusals } })[0];
    expect(prepared(16_382, [{ errno: 1461, count: 40, secondsAgo: 3 }])).toMatchObject({ severity: "P1" });
    expect(prepared(16_382, [{ errno: 1461, count: 40, secondsAgo: 90_000 }])).toMatchObject({
      severity: "P2",
    });
    expect(prepared(16_382, null)).toMatchObject({ severity: "P1" });
    expect(prepared(16_000, [])).toMatchObject({ severity: "P2" });
    expect(prepared(14_000, [])).toMatchObject({
      severity: "P3",
      summary: "max_prepared_stmt_count is nearly reached: 14,000 of 16,382 prepared statements are open",
      actions: [{ preview: "SET GLOBAL max_prepared_stmt_count = 32764;", automatic: false }],
    });
  });

  it("D4 names the user whose connections are at max_user_connections", () => {
    const groups = [aGroup(18), aGroup(2, { state: "idle" }), aGroup(9, { user: "report" })];
    expect(findingsOf({ groups, limits: { maxUserConnections: 20, refusals: null } })).toMatchObject([
      {
        subject: "max_user_connections:shop",
        severity: "P1",
        actions: [{ preview: "SET GLOBAL max_user_connections = 40;" }],
      },
    ]);
  });

  it("D4 leaves a tenth of all connections to the others when it raises the limit of one user", () => {
    const preview = (max: number) =>
      findingsOf({
        groups: [aGroup(max)],
        limits: { maxUserConnections: max, refusals: null },
      })[0]?.actions.map((action) => action.preview);
    expect(preview(60)).toEqual(["SET GLOBAL max_user_connections = 90;"]);
    expect(preview(95)).toEqual([]);
  });

  it("D4 tells accounts with limits of their own, which only their errors show", () => {
    const refusals = [{ errno: 1226, count: 7, secondsAgo: 20 }];
    expect(findingsOf({ limits: { refusals } })).toMatchObject([{ subject: "account", severity: "P2" }]);
    const refusedAccounts = [
      { user: "shop", count: 5, secondsAgo: 20 },
      { user: "old", count: 9, secondsAgo: 9000 },
    ];
    const named = findingsOf({ groups: [aGroup(12)], limits: { refusals, refusedAccounts } });
    expect(named[0]?.summary).toMatch(/^Account shop has used up .*; 12 connections of it now\)/);
    expect(JSON.stringify(named)).not.toContain("old");
  });

  it("A10 unblocks a host by the statement that each engine has", () => {
    const limits = { blockedHosts: [{ host: "10.0.3.9", errors: 100, refused: 12 }] };
    const preview = (engine: "mysql" | "mariadb") => findingsOf({ limits, engine })[0]?.actions[0]?.preview;
    expect(preview("mysql")).toBe("TRUNCATE TABLE performance_schema.host_cache");
    expect(preview("mariadb")).toBe("FLUSH HOSTS");
  });

  it("D4 tells a table cache that is full and closes tables for a good part of the statements, not one that opened many once", () => {
    const rates = { statementsPerSecond: 4000, tableCacheOverflowsPerSecond: 1500 };
    const full = { openTables: { used: 3990, max: 4000 } };
    expect(findingsOf({ limits: full, rates })).toMatchObject([
      { subject: "table_open_cache", severity: "P2" },
    ]);
    expect(findingsOf({ rates })).toEqual([]);
    expect(findingsOf({ limits: full, rates: { ...rates, tableCacheOverflowsPerSecond: 90 } })).toEqual([]);
  });
});
