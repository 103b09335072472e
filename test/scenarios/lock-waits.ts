import type { RowDataPacket } from "mysql2/promise";
import { openSession, waitUntil } from "../lab/engines/sql.ts";
import type { Stage } from "./stage.ts";

type PgSession = Awaited<ReturnType<Stage["pgSessions"]>>[number];
type MySession = Awaited<ReturnType<Stage["mySessions"]>>[number];

interface Queryable {
  query(sql: string): Promise<unknown>;
}

export async function onePg(stage: Stage, applicationName: string): Promise<PgSession> {
  const [session] = await stage.pgSessions(1, applicationName);
  if (session === undefined) throw new Error("no session");
  return session;
}

export async function oneMy(stage: Stage, applicationName: string): Promise<MySession> {
  const [session] = await stage.mySessions(1, applicationName);
  if (session === undefined) throw new Error("no session");
  return session;
}

/** A table of 50 rows: id from 1, state 'new', n 0. */
export async function makeTable(session: Queryable, table: string): Promise<void> {
  const rows = Array.from({ length: 50 }, (_, index) => `(${index + 1}, 'new', 0)`).join(", ");
  await session.query(`CREATE TABLE ${table} (id int PRIMARY KEY, state varchar(20), n int)`);
  await session.query(`INSERT INTO ${table} VALUES ${rows}`);
}

/** Asked while the session is free: a blocked one answers nothing. */
export async function pidOf(session: PgSession): Promise<number> {
  return Number((await session.query("SELECT pg_backend_pid() AS pid")).rows[0].pid);
}

export function idOf(session: MySession): number {
  return session.threadId ?? 0;
}

/** Until so many lock requests wait, and then for so long: the age of a wait is part of the fault. */
export async function pgWaiting(stage: Stage, count: number, seconds: number): Promise<void> {
  const watcher = await onePg(stage, "watcher");
  const sql = "SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted";
  await waitUntil(async () => Number((await watcher.query(sql)).rows[0].n) === count, {
    what: `${count} sessions wait`,
  });
  await watcher.query(`SELECT pg_sleep(${seconds})`);
  await watcher.end();
}

/** The same for rows, tables and GET_LOCK; FLUSH TABLES WITH READ LOCK makes others wait in a state of its own. */
export async function myWaiting(stage: Stage, count: number, seconds: number): Promise<void> {
  const monitor = await openSession(stage.mysql());
  const sql = `SELECT (SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT')
    + (SELECT COUNT(*) FROM information_schema.processlist
      WHERE state LIKE 'Waiting for%lock' OR state = 'User lock') AS n`;
  await waitUntil(
    async () => {
      const [rows] = await monitor.query<RowDataPacket[]>(sql);
      return Number(rows[0]?.["n"]) === count;
    },
    // InnoDB keeps its answer until nobody has asked for a tenth of a second.
    { what: `${count} sessions wait`, everyMs: 150 },
  );
  await monitor.query(`SELECT SLEEP(${seconds})`);
  await monitor.end();
}
