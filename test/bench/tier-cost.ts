import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import type { Tier } from "../../functions/core/contract/evidence.ts";
import { probes } from "../../functions/core/probes/index.ts";
import { collectProbeReport } from "../../functions/core/probes/run-probes.ts";
import { defaultSettings } from "../../functions/core/settings.ts";
import { databasesWithPassword } from "../../functions/wiring-databases.ts";
import { targetOf } from "../lab/demo/database.ts";
import { type LabServer, labPasswords } from "../lab/engines/lab-server.ts";
import { startMysql } from "../lab/engines/mysql-server.ts";
import { startPostgres } from "../lab/engines/postgres-server.ts";
import { closeAll, openSession } from "../lab/engines/sql.ts";

export interface TierCost {
  readonly engine: string;
  readonly what: string;
  readonly probes: number;
  readonly statements: number;
  readonly ms: number;
  readonly slowest: string;
  readonly notOk: string;
}

const tables = 5000;

/** Statements that dashboards send for the same questions, with the text of every statement and the size of every relation. */
const dashboardsOnPostgres: Readonly<Record<string, string>> = {
  "slow queries with text":
    "SELECT query, calls, total_exec_time FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 100",
  "unused indexes with sizes":
    "SELECT indexrelid::regclass, pg_relation_size(indexrelid) FROM pg_stat_user_indexes WHERE idx_scan = 0 ORDER BY 2 DESC",
  "table sizes":
    "SELECT oid::regclass, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' ORDER BY 2 DESC LIMIT 100",
};
const dashboardsOnMysql: Readonly<Record<string, string>> = {
  "sys.schema_unused_indexes": "SELECT * FROM sys.schema_unused_indexes",
  "sys.schema_redundant_indexes": "SELECT * FROM sys.schema_redundant_indexes",
  "sys.statement_analysis": "SELECT * FROM sys.statement_analysis",
  "sys.schema_table_statistics": "SELECT * FROM sys.schema_table_statistics",
};

/** The deeper tiers on 5,000 tables with 15,000 indexes and full statement statistics. */
export async function tierCosts(): Promise<TierCost[]> {
  return [...(await onPostgres()), ...(await onMysql())];
}

async function onPostgres(): Promise<TierCost[]> {
  const server = await startPostgres({ major: 17, settings: { max_locks_per_transaction: "512" } });
  try {
    const session = await openSession(server);
    for (let from = 0; from < tables; from += 500) {
      await session.query(`DO $$ BEGIN FOR n IN ${from}..${from + 499} LOOP
        EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, a int, b text)', n);
        EXECUTE format('CREATE INDEX ON t%s (a)', n);
        EXECUTE format('CREATE INDEX ON t%s (b, a)', n);
      END LOOP; END $$`);
    }
    for (let n = 0; n < tables; n += 1)
      await session.query(`SELECT a AS column_${n} FROM t${n} WHERE id = ${n} LIMIT 1`);
    const classic = await timed(server.engine, dashboardsOnPostgres, (sql) => session.query(sql));
    await closeAll([session]);
    return [...(await lookAt(server)), ...classic];
  } finally {
    await server.stopNow();
  }
}

async function onMysql(): Promise<TierCost[]> {
  const server = await startMysql({});
  try {
    const session = await openSession(server);
    for (let n = 0; n < tables; n += 1) {
      await session.query(`CREATE TABLE t${n} (id int PRIMARY KEY, a int, b int, KEY (a), KEY (b, a))`);
    }
    const classic = await timed(server.engine, dashboardsOnMysql, (sql) => session.query(sql));
    await closeAll([session]);
    return [...(await lookAt(server)), ...classic];
  } finally {
    await server.stopNow();
  }
}

async function lookAt(server: LabServer): Promise<TierCost[]> {
  const databases = databasesWithPassword({ user: "admin", password: labPasswords.admin }, { mode: "off" });
  const costs: TierCost[] = [];
  const tiers: readonly Tier[] = ["immediate", "performance", "health"];
  for (const tier of tiers) {
    const report = await collectProbeReport(
      databases,
      targetOf(server, "bench"),
      defaultSettings,
      probes,
      tier,
      createSystemClock(),
    );
    const slowest = report.probes.toSorted((a, b) => b.tookMs - a.tookMs)[0];
    costs.push({
      engine: server.engine,
      what: `tier ${tier}`,
      probes: report.probes.length,
      statements: report.probes.reduce((sum, probe) => sum + probe.statements, 0),
      ms: Math.round(report.probes.reduce((sum, probe) => sum + probe.tookMs, 0)),
      slowest: slowest === undefined ? "" : `${slowest.id} ${Math.round(slowest.tookMs)} ms`,
      notOk: report.probes
        .filter((probe) => probe.status !== "ok")
        .map((probe) => `${probe.id} ${probe.status}`)
        .join(", "),
    });
  }
  return costs;
}

async function timed(
  engine: string,
  statements: Readonly<Record<string, string>>,
  ask: (sql: string) => Promise<unknown>,
): Promise<TierCost[]> {
  const costs: TierCost[] = [];
  for (const [what, sql] of Object.entries(statements)) {
    const started = performance.now();
    await ask(sql);
    const ms = Math.round(performance.now() - started);
    costs.push({ engine, what: `dashboard: ${what}`, probes: 0, statements: 1, ms, slowest: "", notOk: "" });
  }
  return costs;
}
