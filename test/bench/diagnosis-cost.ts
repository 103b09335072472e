import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import type { ProbeReport } from "../../functions/core/contract/evidence.ts";
import { probes } from "../../functions/core/probes/index.ts";
import { collectProbeReport } from "../../functions/core/probes/run-probes.ts";
import { defaultSettings } from "../../functions/core/settings.ts";
import { databasesWithPassword } from "../../functions/wiring-databases.ts";
import { targetOf } from "../lab/demo/database.ts";
import {
  type LabServer,
  labPasswords,
  type MariadbServer,
  type MysqlServer,
  type PostgresServer,
} from "../lab/engines/lab-server.ts";
import { startMariadb } from "../lab/engines/mariadb-server.ts";
import { startMysql } from "../lab/engines/mysql-server.ts";
import { startPostgres } from "../lab/engines/postgres-server.ts";
import { closeAll, openSession } from "../lab/engines/sql.ts";
import { type AnyServer, pileUp } from "./row-waiters.ts";
import { type Asked, watchedDatabases } from "./watched-databases.ts";

export interface ProbeCost {
  readonly probe: string;
  readonly statements: number;
  readonly rows: number;
  readonly bytes: number;
  readonly ms: number;
}

export interface Cost {
  readonly engine: string;
  readonly waiters: number;
  readonly connections: number;
  readonly perProbe: readonly ProbeCost[];
  /** Statements of setting up the responder's own session; not among `statements`. Null where the server keeps no count. */
  readonly setUp: number | null;
  /** Statements and database time of the whole immediate tier. */
  readonly statements: number;
  readonly diagnosisMs: number;
  readonly connectMs: number;
  /** The classic statement for the blocking tree alone, on the same locks. */
  readonly classic: string;
  readonly classicMs: number;
  readonly classicRows: number;
  readonly ratio: number;
}

export const engines = ["postgres", "mysql", "mariadb"] as const;
export const waiterCounts = [50, 200, 500, 1000];
/** On MySQL and MariaDB, where what idles costs as well: the session list has everybody. */
const leastConnections = 1000;

/** The join of pg_locks with itself that monitoring scripts use (https://wiki.postgresql.org/wiki/Lock_Monitoring). */
const selfJoin = `
  SELECT count(*)::int AS n FROM pg_locks blocked
  JOIN pg_locks blocking ON blocking.locktype = blocked.locktype
   AND blocking.database IS NOT DISTINCT FROM blocked.database
   AND blocking.relation IS NOT DISTINCT FROM blocked.relation
   AND blocking.page IS NOT DISTINCT FROM blocked.page
   AND blocking.tuple IS NOT DISTINCT FROM blocked.tuple
   AND blocking.virtualxid IS NOT DISTINCT FROM blocked.virtualxid
   AND blocking.transactionid IS NOT DISTINCT FROM blocked.transactionid
   AND blocking.classid IS NOT DISTINCT FROM blocked.classid
   AND blocking.objid IS NOT DISTINCT FROM blocked.objid
   AND blocking.objsubid IS NOT DISTINCT FROM blocked.objsubid
   AND blocking.pid <> blocked.pid
  WHERE NOT blocked.granted`;

/** The same star of row waiters, looked at by the responder and by the classic statement, in one run. */
export async function costOn(engine: (typeof engines)[number], waiters: number): Promise<Cost> {
  const connections = engine === "postgres" ? waiters : Math.max(waiters, leastConnections);
  const server = await startFor(engine, connections + 40);
  try {
    const { close } = await pileUp(server, waiters, connections - waiters);
    const own = await diagnose(server);
    const classic = server.engine === "postgres" ? await timePostgres(server) : await timeMysql(server);
    await close();
    const ratio = Math.round((classic.classicMs / own.diagnosisMs) * 10) / 10;
    return { engine: `${server.engine} ${server.version}`, waiters, connections, ...own, ...classic, ratio };
  } finally {
    await server.stopNow();
  }
}

function startFor(engine: (typeof engines)[number], maxConnections: number): Promise<AnyServer> {
  const settings = { "innodb-lock-wait-timeout": "600" };
  switch (engine) {
    case "postgres":
      return startPostgres({ major: 17, maxConnections });
    case "mysql":
      return startMysql({ maxConnections, settings });
    case "mariadb":
      return startMariadb({ maxConnections, settings });
  }
}

type OwnCost = Pick<Cost, "statements" | "diagnosisMs" | "connectMs" | "perProbe" | "setUp">;

async function diagnose(server: LabServer): Promise<OwnCost> {
  const watched = watchedDatabases(
    databasesWithPassword({ user: "admin", password: labPasswords.admin }, { mode: "off" }),
  );
  const settings = {
    ...defaultSettings,
    probing: { ...defaultSettings.probing, immediateTimeoutMs: 60_000, deadlineMs: 120_000 },
  };
  const rounds: OwnCost[] = [];
  for (let round = 0; round < 3; round += 1) {
    const report = await collectProbeReport(
      watched.databases,
      targetOf(server, "bench"),
      settings,
      probes,
      "immediate",
      createSystemClock(),
      AbortSignal.timeout(120_000),
    );
    const perProbe = costsOf(report, watched.asked());
    rounds.push({
      statements: perProbe.reduce((sum, { statements }) => sum + statements, 0),
      diagnosisMs: rounded(perProbe.reduce((sum, { ms }) => sum + ms, 0)),
      connectMs: Math.round(report.connection.tookMs),
      perProbe,
      setUp: watched.setUp(),
    });
  }
  rounds.sort((a, b) => a.diagnosisMs - b.diagnosisMs);
  const median = rounds[1];
  if (median === undefined) throw new Error("no rounds");
  return median;
}

/** Probes of the immediate tier ask one after the other, so that what was asked belongs to them in their order. */
function costsOf({ probes: results }: ProbeReport, asked: readonly Asked[]): ProbeCost[] {
  let from = 0;
  return results.map(({ id, status, statements }) => {
    if (status !== "ok") throw new Error(`${id} is ${status}`);
    const own = asked.slice(from, from + statements);
    from += statements;
    const sum = (of: (each: Asked) => number) => own.reduce((total, each) => total + of(each), 0);
    return {
      probe: id,
      statements,
      rows: sum(({ rows }) => rows),
      bytes: sum(({ bytes }) => bytes),
      ms: rounded(sum(({ ms }) => ms)),
    };
  });
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}

async function timePostgres(
  server: PostgresServer,
): Promise<Pick<Cost, "classic" | "classicMs" | "classicRows">> {
  const session = await openSession(server);
  const started = performance.now();
  const rows = (await session.query(selfJoin)).rows;
  const classicMs = Math.round(performance.now() - started);
  await closeAll([session]);
  return { classic: "pg_locks self-join", classicMs, classicRows: Number(rows[0].n) };
}

async function timeMysql(
  server: MysqlServer | MariadbServer,
): Promise<Pick<Cost, "classic" | "classicMs" | "classicRows">> {
  // MariaDB's sys.innodb_lock_waits takes half a minute for 500 waiters; what it reads is dear enough.
  const classic =
    server.engine === "mysql" ? "sys.innodb_lock_waits" : "information_schema.INNODB_LOCK_WAITS";
  const session = await openSession(server);
  const started = performance.now();
  const [rows] = await session.query(`SELECT * FROM ${classic}`);
  const classicMs = Math.round(performance.now() - started);
  await closeAll([session]);
  return { classic, classicMs, classicRows: Array.isArray(rows) ? rows.length : 0 };
}
