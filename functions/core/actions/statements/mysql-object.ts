import * as z from "zod";
import type { SqlSession } from "../../ports.ts";
import { mysqlName } from "../../text/sql-names.ts";
import type { DatabaseWorld } from "../define.ts";
import { refuse } from "../signals/refuse.ts";
import type { Check } from "../steps.ts";
import type { ObjectInput } from "./postgres-object.ts";

const tableSchema = z.object({ engine: z.string().nullable(), type: z.string() });

/** The table as far as the acting user may see it; null when it is not there, or hidden. */
export async function lookAtTable(
  { session, signal }: DatabaseWorld,
  { schema, name }: ObjectInput,
): Promise<z.infer<typeof tableSchema> | null> {
  const sql = `SELECT ENGINE AS engine, TABLE_TYPE AS type FROM information_schema.TABLES
WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?`;
  const [row] = await session.query({ sql, params: [schema, name] }, signal);
  return row === undefined ? null : tableSchema.parse(row);
}

export function notThere(input: ObjectInput, rights: string): Check {
  const table = mysqlName(input.schema, input.name);
  return refuse(
    "no-such-object",
    `There is no table ${table}, or the acting user has no right to it and does not see it.`,
    `GRANT ${rights} ON ${table} TO the acting user, if it is there; or its owner runs the statement that is shown.`,
  );
}

/**
 * ANALYZE ends by having the table opened anew, and where the server waits for that, new statements wait behind one that
 * runs on it for long. https://bugs.mysql.com/bug.php?id=87065
 */
export async function longStatement({ session, signal }: DatabaseWorld): Promise<Check | null> {
  const sql = `SELECT ID AS id, TIME AS seconds FROM information_schema.PROCESSLIST
WHERE COMMAND IN ('Query', 'Execute') AND TIME >= ${longSeconds(session.server)} AND ID <> CONNECTION_ID() ORDER BY TIME DESC LIMIT 1`;
  const [row] = await session.query({ sql }, signal);
  if (row === undefined) return null;
  return refuse(
    "long-statement",
    `Session ${String(row["id"])} has run a statement for ${String(row["seconds"])} s: if it uses the table, all new statements on it would wait for its end.`,
    "Lifts by itself when that statement has ended.",
  );
}

/**
 * MySQL does so up to 8.0.23 (https://rimzy.net/category/analyze-table/; seen on 9.7: nobody waits). From then on what
 * old statistics have made slow, a statement of a second or two after the other, must not keep new ones away for ever.
 */
function longSeconds({ engine, version }: SqlSession["server"]): number {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  const opensAnew = engine !== "mysql" || major < 8 || (major === 8 && minor === 0 && !(patch >= 24));
  return opensAnew ? 1 : 5;
}

export async function mayAnalyze(world: DatabaseWorld, input: ObjectInput): Promise<Check> {
  if ((await lookAtTable(world, input)) === null) return notThere(input, "SELECT, INSERT");
  const long = await longStatement(world);
  return long ?? { kind: "go", says: `${mysqlName(input.schema, input.name)} is there.` };
}

/** https://dev.mysql.com/doc/refman/8.4/en/innodb-persistent-stats.html */
export async function mysqlAnalyzed(
  { session, signal }: DatabaseWorld,
  { schema, name }: ObjectInput,
): Promise<{ readonly seconds: number; readonly at: string } | null> {
  const sql = `SELECT TIMESTAMPDIFF(SECOND, MAX(last_update), NOW()) AS seconds, CAST(MAX(last_update) AS CHAR) AS at FROM mysql.innodb_table_stats
WHERE database_name = ? AND (table_name = ? OR table_name LIKE CONCAT(?, '#%')) HAVING at IS NOT NULL`;
  const [row] = await session.query({ sql, params: [schema, name, name] }, signal);
  return row === undefined ? null : z.object({ seconds: z.coerce.number(), at: z.string() }).parse(row);
}

export async function hasMysqlIndex(
  { session, signal }: DatabaseWorld,
  { schema, table, name }: { readonly schema: string; readonly table: string; readonly name: string },
): Promise<boolean> {
  const sql = `SELECT 1 AS one FROM information_schema.STATISTICS
WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND INDEX_NAME = ? LIMIT 1`;
  return (await session.query({ sql, params: [schema, table, name] }, signal)).length > 0;
}

/**
 * At its end an online build needs the table for itself, gives up behind an open transaction, and all of it is lost.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-performance.html
 */
export async function openForLong(
  { session, signal }: DatabaseWorld,
  overSeconds = 60,
): Promise<Check | null> {
  const sql = `SELECT trx_mysql_thread_id AS id
FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id <> CONNECTION_ID()
  AND CONVERT_TZ(trx_started, 'SYSTEM', '+00:00') < UTC_TIMESTAMP() - INTERVAL ? SECOND ORDER BY trx_started LIMIT 1`;
  const [row] = await session.query({ sql, params: [overSeconds] }, signal);
  if (row === undefined) return null;
  return refuse(
    "long-transaction",
    `Session ${String(row["id"])} has had a transaction open for more than a minute: were it open on the table at the end of the build, the build would give up and all of it be lost.`,
    "Lifts by itself when that transaction has ended. Replicas begin the build when it has ended here, and lag for as long.",
  );
}
