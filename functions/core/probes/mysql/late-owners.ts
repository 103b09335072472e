import * as z from "zod";
import type { ServerInfo, SqlRow, SqlStatement } from "../../ports.ts";
import type { ProbeContext } from "../define.ts";
import { type MysqlSnapshot, mysqlSession } from "./snapshot.ts";
import { processlistSql, processSchema } from "./snapshot-sql.ts";

const ownerSchema = z.object({ thread_id: z.coerce.number(), lives: z.coerce.boolean() });

export interface LateOwners {
  /** With those who came only after the list of sessions was read, or have begun a transaction since. */
  readonly snapshot: MysqlSnapshot;
  /** Threads that have gone and left locks behind: those of XA transactions. */
  readonly gone: ReadonlySet<number>;
  /** Threads of the server's own, of which no list tells anything. */
  readonly nameless: ReadonlySet<number>;
}

/** Who the threads of some locks are, when the sessions were read before the locks, or by a probe before. */
export function lateOwnersStatement(
  server: ServerInfo,
  threadIds: readonly number[],
  locks: "metadata_locks" | "data_locks",
): SqlStatement {
  const ids = threadIds.join(", ");
  // Locks before threads: a session gives up its locks before it goes, so that a lock without a thread was left.
  const [table, column] =
    locks === "metadata_locks" ? ["metadata_locks", "OWNER_THREAD_ID"] : ["threads", "THREAD_ID"];
  return {
    sql: `SELECT l.thread_id, t.THREAD_ID IS NOT NULL AS lives, p.*
    FROM (SELECT DISTINCT ${column} AS thread_id FROM performance_schema.${table} WHERE ${column} IN (${ids})) AS l
      LEFT JOIN performance_schema.threads AS t ON t.THREAD_ID = l.thread_id
      LEFT JOIN (${processlistSql(server)}) AS p ON p.id = t.PROCESSLIST_ID`,
  };
}

export function readLateOwners(
  snapshot: MysqlSnapshot,
  rows: readonly SqlRow[],
  context: ProbeContext,
): LateOwners {
  const [gone, nameless] = [new Set<number>(), new Set<number>()];
  const sessions = new Map(snapshot.sessions);
  const connectionOf = new Map(snapshot.connectionOf);
  for (const row of rows) {
    const { thread_id, lives } = ownerSchema.parse(row);
    const process = processSchema.safeParse(row).data;
    if (!lives) gone.add(thread_id);
    else if (!process) nameless.add(thread_id);
    else {
      const parts = { process, transaction: undefined, statement: null, program: null };
      sessions.set(process.id, mysqlSession(parts, context));
      connectionOf.set(thread_id, process.id);
    }
  }
  return { snapshot: { ...snapshot, sessions, connectionOf }, gone, nameless };
}
