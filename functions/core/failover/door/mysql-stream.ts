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
  /** Null: it follows without GTIDs. */
  readonly retrieved: string | null;
  /** In the log of its source; null where the source is not told. */
  readonly places: { readonly received: Position; readonly applied: Position } | null;
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
  source_uuid: text,
  source_server_id: z.coerce.string().nullish(),
  source_log_file: text,
  read_source_log_pos: z.coerce.number().nullish(),
  relay_source_log_file: text,
  exec_source_log_pos: z.coerce.number().nullish(),
});
type Status = z.infer<typeof statusSchema>;

/** Lists that leave something out. RDS ignores tables of its own in mysql on every replica. */
const filters = /^replicate_(rewrite_db|(wild_)?(do|ignore)_(db|table))$/;

function replicaOf(row: SqlRow): Replica {
  const named = Object.entries(row).map(
    ([name, value]) =>
      [name.toLowerCase().replaceAll("slave", "replica").replaceAll("master", "source"), value] as const,
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
    places: placesOf(status),
  };
}

/** Of MySQL by its source's uuid, of MariaDB by its server id, which RDS gives to one server alone. */
function placesOf(status: Status): Replica["places"] {
  const source = status.source_uuid || status.source_server_id || "";
  const { source_log_file: read, relay_source_log_file: done } = status;
  if (source === "" || source === "0" || read === "" || done === "") return null;
  return {
    received: binlog(source, read, status.read_source_log_pos ?? 0),
    applied: binlog(source, done, status.exec_source_log_pos ?? 0),
  };
}

function binlog(server: string, file: string, position: number): Position {
  return { kind: "binlog", value: `${server}/${file}:${position}` };
}

type Positions = Pick<Said, "written" | "received" | "applied">;
const positionSchema = z.object({
  mode: z.string(),
  position: z.string(),
  applied: z.string(),
  server: z.string(),
});

/**
 * By GTID where both ends have them, else by places in the primary's own log: on RDS for MySQL a parameter group has to
 * turn them on. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-replication-gtid.html
 */
export async function positionsOf(
  session: SqlSession,
  replica: Replica | null,
  signal: AbortSignal,
): Promise<Positions> {
  const mariadb = session.server.engine === "mariadb";
  const sql = mariadb
    ? `SELECT IF(@@GLOBAL.log_bin, 'ON', 'OFF') AS mode, @@GLOBAL.gtid_current_pos AS position,
        @@GLOBAL.gtid_slave_pos AS applied, CAST(@@GLOBAL.server_id AS CHAR) AS server`
    : `SELECT @@GLOBAL.gtid_mode AS mode, @@GLOBAL.gtid_executed AS position, @@GLOBAL.gtid_executed AS applied,
        @@GLOBAL.server_uuid AS server`;
  const own = positionSchema.parse((await session.query({ sql }, signal))[0]);
  const kind = mariadb ? "mariadb-gtid" : "gtid";
  const withGtids = /^ON$/.test(own.mode);
  if (replica === null) {
    // An empty set would be had by everybody.
    const gtid: Position | null = withGtids && own.position !== "" ? { kind, value: own.position } : null;
    return { written: gtid ?? (await endOfLog(session, own.server, signal)), received: null, applied: null };
  }
  if (replica.retrieved === null || !(withGtids || mariadb)) {
    const { received = null, applied = null } = replica.places ?? {};
    return { written: null, received, applied };
  }
  return {
    written: null,
    received: { kind, value: replica.retrieved },
    applied: { kind, value: own.applied },
  };
}

const endSchema = z.object({ file: z.string(), position: z.coerce.number() });

/** Before 8.2, and on MariaDB, by its older name. Null where there is no log, or it may not be asked. */
async function endOfLog(session: SqlSession, server: string, signal: AbortSignal): Promise<Position | null> {
  for (const sql of ["SHOW BINARY LOG STATUS", "SHOW MASTER STATUS"]) {
    try {
      const [row = {}] = await session.query({ sql }, signal);
      const named = Object.entries(row).map(([name, value]) => [name.toLowerCase(), value] as const);
      const end = endSchema.safeParse(Object.fromEntries(named)).data;
      return end === undefined ? null : binlog(server, end.file, end.position);
    } catch (error) {
      if (!(error instanceof SqlError) || ["timeout", "connection-lost"].includes(error.kind)) throw error;
    }
  }
  return null;
}

/**
 * No heartbeat comes while events do, and nothing else tells of one that arrives: amid a transaction nobody is silent.
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-replication-connection-status-table.html
 */
const silenceSql = `SELECT IF(s.QUEUEING_TRANSACTION <> '', NULL, TIMESTAMPDIFF(MICROSECOND,
    GREATEST(s.LAST_HEARTBEAT_TIMESTAMP, s.LAST_QUEUED_TRANSACTION_END_QUEUE_TIMESTAMP), NOW(6)) / 1e6) AS seconds,
    NULLIF(c.HEARTBEAT_INTERVAL, 0) AS every
  FROM performance_schema.replication_connection_status s
  JOIN performance_schema.replication_connection_configuration c USING (CHANNEL_NAME) LIMIT 1`;

const silenceSchema = z.object({
  seconds: z.coerce.number().nullable(),
  every: z.coerce.number().nullable(),
});
const unheard = { silentSeconds: null, heartbeatEverySeconds: null };

/** Null on MariaDB, which counts heartbeats and does not say when the last one came. */
export async function silenceOf(
  session: SqlSession,
  signal: AbortSignal,
): Promise<Pick<Said, "silentSeconds" | "heartbeatEverySeconds">> {
  if (session.server.engine === "mariadb") return unheard;
  try {
    const [row] = await session.query({ sql: silenceSql }, signal);
    const { seconds, every } = silenceSchema.safeParse(row).data ?? { seconds: null, every: null };
    return {
      silentSeconds: seconds === null ? null : Math.max(0, seconds),
      heartbeatEverySeconds: every,
    };
  } catch (error) {
    if (error instanceof SqlError && !["timeout", "connection-lost"].includes(error.kind)) return unheard;
    throw error;
  }
}
