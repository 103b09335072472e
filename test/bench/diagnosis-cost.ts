import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import type { Databases } from "../../functions/core/ports.ts";
import { probes } from "../../functions/core/probes/index.ts";
import { collectProbeReport } from "../../functions/core/probes/run-probes.ts";
import { defaultSettings } from "../../functions/core/settings.ts";
import { databasesWithPassword } from "../../functions/wiring-databases.ts";
import { targetOf } from "../lab/demo/database.ts";
import {
  type LabServer,
  labPasswords,
  type MysqlServer,
  type PostgresServer,
} from "../lab/engines/lab-server.ts";
import { startMysql } from "../lab/engines/mysql-server.ts";
import { startPostgres } from "../lab/engines/postgres-server.ts";
import { closeAll, openSession, openSessions, waitUntil } from "../lab/engines/sql.ts";

export interface Cost {
  readonly engine: string;
  readonly waiters: number;
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

export const waiterCounts = [50, 200, 500, 1000];

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
export async function costOn(engine: "postgres" | "mysql", waiters: number): Promise<Cost> {
  const server =
    engine === "postgres"
      ? await startPostgres({ major: 17, maxConnections: waiters + 40 })
      : await startMysql({ maxConnections: waiters + 40, settings: { "innodb-lock-wait-timeout": "600" } });
  try {
    const { close } =
      server.engine === "postgres"
        ? await pileUpPostgres(server, waiters)
        : await pileUpMysql(server, waiters);
    const own = await diagnose(server);
    const classic = server.engine === "postgres" ? await timePostgres(server) : await timeMysql(server);
    await close();
    const ratio = Math.round((classic.classicMs / own.diagnosisMs) * 10) / 10;
    return { engine: `${server.engine} ${server.version}`, waiters, ...own, ...classic, ratio };
  } finally {
    await server.stopNow();
  }
}

async function diagnose(server: LabServer): Promise<Pick<Cost, "statements" | "diagnosisMs" | "connectMs">> {
  const databases: Databases = databasesWithPassword(
    { user: "admin", password: labPasswords.admin },
    { mode: "off" },
  );
  const settings = {
    ...defaultSettings,
    probing: { ...defaultSettings.probing, immediateTimeoutMs: 60_000, deadlineMs: 120_000 },
  };
  const rounds = [];
  for (let round = 0; round < 3; round += 1) {
    rounds.push(
      await collectProbeReport(
        databases,
        targetOf(server, "bench"),
        settings,
        probes,
        "immediate",
        createSystemClock(),
        AbortSignal.timeout(120_000),
      ),
    );
  }
  const sums = rounds.map((report) => ({
    statements: report.probes.reduce((sum, probe) => sum + probe.statements, 0),
    diagnosisMs: Math.round(report.probes.reduce((sum, probe) => sum + probe.tookMs, 0) * 10) / 10,
    connectMs: Math.round(report.connection.tookMs),
  }));
  sums.sort((a, b) => a.diagnosisMs - b.diagnosisMs);
  const median = sums[1];
  if (median === undefined) throw new Error("no rounds");
  return median;
}

export async function pileUpPostgres(server: PostgresServer, waiters: number) {
  const holder = await openSession(server);
  await holder.query("CREATE TABLE hot (id int PRIMARY KEY, n int); INSERT INTO hot VALUES (1, 0)");
  await holder.query("BEGIN; UPDATE hot SET n = n + 1");
  const sessions = await openSessions(server, waiters);
  const updates = sessions.map((session) => session.query("UPDATE hot SET n = n + 1").catch(() => undefined));
  const count = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
  await waitUntil(async () => Number((await holder.query(count)).rows[0].n) === waiters, {
    what: `${waiters} waiters`,
    timeoutMs: 120_000,
  });
  return {
    close: async () => {
      await closeAll([holder, ...sessions]);
      await Promise.all(updates);
    },
  };
}

async function pileUpMysql(server: MysqlServer, waiters: number) {
  const holder = await openSession(server);
  await holder.query("CREATE TABLE hot (id int PRIMARY KEY, n int)");
  await holder.query("INSERT INTO hot VALUES (1, 0)");
  await holder.query("START TRANSACTION");
  await holder.query("UPDATE hot SET n = n + 1");
  const sessions = await openSessions(server, waiters);
  const updates = sessions.map((session) => session.query("UPDATE hot SET n = n + 1").catch(() => undefined));
  const watcher = await openSession(server);
  const count = "SELECT count(*) AS n FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'";
  await waitUntil(async () => JSON.stringify((await watcher.query(count))[0]).includes(`:${waiters}}`), {
    what: `${waiters} waiters`,
    timeoutMs: 60_000,
    // The view is renewed only when nobody has read it for 100 ms.
    everyMs: 200,
  });
  return {
    close: async () => {
      await closeAll([holder, watcher, ...sessions]);
      await Promise.all(updates);
    },
  };
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

async function timeMysql(server: MysqlServer): Promise<Pick<Cost, "classic" | "classicMs" | "classicRows">> {
  const session = await openSession(server);
  const started = performance.now();
  const [rows] = await session.query("SELECT * FROM sys.innodb_lock_waits");
  const classicMs = Math.round(performance.now() - started);
  await closeAll([session]);
  return { classic: "sys.innodb_lock_waits", classicMs, classicRows: Array.isArray(rows) ? rows.length : 0 };
}
