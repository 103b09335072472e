import * as z from "zod";
import type { Position } from "../../contract/failover-topology.ts";
import { SqlError } from "../../errors.ts";
import type { SqlRow, SqlSession } from "../../ports.ts";
import type { Said } from "./said.ts";

export interface Replica {
  readonly receiving: boolean;
  readonly applying: boolean;
  readonly delaySeconds: number | null;
  readonly filtered: boolean;
  readonly retrieved: string | null;
}

/** RDS for MariaDB lets nobody but its procedure ask (facts/aws.md 5.2); MySQL has no procedure. Before 8.0.22: SLAVE. */
const questions = {
  mysql: ["SHOW REPLICA STATUS", "SHOW SLAVE STATUS"],
  mariadb: ["CALL mysql.rds_replica_status()", "SHOW REPLICA STATUS"],
  postgres: [],
} as const;

/** Null: it follows nobody. "unseen": whom it follows may not be asked, or it follows several. */
export async function readReplica(
  session: SqlSession,
  signal: AbortSignal,
): Promise<Replica | "unseen" | null> {
  for (const sql of questions[session.server.engine]) {
    try {
      const [only, more] = await session.query({ sql }, signal);
      if (more !== undefined) return "unseen";
      return only === undefined ? null : replicaOf(only);
    } catch (error) {
      if (!(error instanceof SqlError) || ["timeout", "connection-lost"].includes(error.kind)) throw error;
    }
  }
  return "unseen";
}

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
const statusSchema = z.object({
  replica_io_running: text,
  replica_sql_running: text,
  sql_delay: z.coerce.number().nullish(),
  retrieved_gtid_set: text,
  gtid_io_pos: text,
  using_gtid: text,
});

/** Lists that leave something out. RDS ignores tables of its own in mysql on every replica. */
const filters = /^replicate_(rewrite_db|(wild_)?(do|ignore)_(db|table))$/;

function replicaOf(row: SqlRow): Replica {
  const named = Object.entries(row).map(
    ([name, value]) => [name.toLowerCase().replaceAll("slave", "replica"), value] as const,
  );
  const status = statusSchema.parse(Object.fromEntries(named));
  const listed = named.flatMap(([name, value]) =>
    filters.test(name) && typeof value === "string" ? value.split(",") : [],
  );
  const gtid = status.using_gtid === "" ? status.retrieved_gtid_set : status.gtid_io_pos;
  return {
    // "Connecting" is a thread that runs and receives nothing.
    receiving: /^yes$/i.test(status.replica_io_running),
    applying: /^yes$/i.test(status.replica_sql_running),
    delaySeconds: status.sql_delay ?? null,
    filtered: listed.some((entry) => entry.trim() !== "" && !/^(mysql|innodb_memcache)\./.test(entry.trim())),
    retrieved: /^no$/i.test(status.using_gtid) ? null : gtid,
  };
}

type Positions = Pick<Said, "written" | "received" | "applied">;
const positionSchema = z.object({ mode: z.string(), position: z.string(), applied: z.string() });

/** Without GTIDs there is nothing that two servers could be compared by: their binary logs have places of their own. */
export async function positionsOf(
  session: SqlSession,
  replica: Replica | null,
  signal: AbortSignal,
): Promise<Positions> {
  const mariadb = session.server.engine === "mariadb";
  const sql = mariadb
    ? "SELECT IF(@@GLOBAL.log_bin, 'ON', 'OFF') AS mode, @@GLOBAL.gtid_current_pos AS position, @@GLOBAL.gtid_slave_pos AS applied"
    : "SELECT @@GLOBAL.gtid_mode AS mode, @@GLOBAL.gtid_executed AS position, @@GLOBAL.gtid_executed AS applied";
  const { mode, position, applied } = positionSchema.parse((await session.query({ sql }, signal))[0]);
  const kind = mariadb ? "mariadb-gtid" : "gtid";
  const at = (value: string): Position => ({ kind, value });
  if (replica === null) {
    // An empty set would be had by everybody.
    const known = /^ON/.test(mode) && position !== "";
    return { written: known ? at(position) : null, received: null, applied: null };
  }
  const known = replica.retrieved !== null && (mariadb || /^ON/.test(mode));
  return {
    written: null,
    received: known ? at(replica.retrieved ?? "") : null,
    applied: known ? at(applied) : null,
  };
}

/** https://dev.mysql.com/doc/refman/8.4/en/performance-schema-replication-connection-status-table.html */
const silentSql = `SELECT TIMESTAMPDIFF(MICROSECOND,
    GREATEST(LAST_HEARTBEAT_TIMESTAMP, LAST_QUEUED_TRANSACTION_END_QUEUE_TIMESTAMP), NOW(6)) / 1e6 AS seconds
  FROM performance_schema.replication_connection_status LIMIT 1`;

/** Null on MariaDB, which counts heartbeats and does not say when the last one came. */
export async function silentSecondsOf(session: SqlSession, signal: AbortSignal): Promise<number | null> {
  if (session.server.engine === "mariadb") return null;
  try {
    const [row] = await session.query({ sql: silentSql }, signal);
    const seconds = z.object({ seconds: z.coerce.number().nullable() }).safeParse(row).data?.seconds ?? null;
    return seconds === null ? null : Math.max(0, seconds);
  } catch (error) {
    if (error instanceof SqlError && !["timeout", "connection-lost"].includes(error.kind)) return null;
    throw error;
  }
}
