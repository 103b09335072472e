import * as z from "zod";
import type { ServerInfo, SqlRow, SqlStatement } from "../../ports.ts";
import { sinceLastStatement } from "../../text/last-statement-sql.ts";
import { shownQuery } from "../../text/normalise-query.ts";
import { defineProbe, type ProbeContext } from "../define.ts";
import {
  innodbMonitorStatement,
  type ListedTransaction,
  monitorText,
  parseInnodbMonitor,
} from "./innodb-monitor.ts";
import { type MysqlTransactionRow, mysqlOldestTransactionRows } from "./oldest-transaction-rows.ts";
import { performanceSchemaGrant, processGrant, versionIsAtLeast } from "./sight.ts";

const text = z.union([z.string(), z.number()]).transform(String);
const number = z.coerce.number();

const transactionSchema = z.object({
  trx_id: text,
  session_id: number,
  state: z.string(),
  age_seconds: number.nullable(),
  wait_seconds: number.nullable().default(null),
  isolation: z.string(),
  rows_modified: number,
  rows_locked: number,
  query: z.string().nullable(),
});
type Transaction = z.infer<typeof transactionSchema>;

const ownerSchema = z.object({
  id: number,
  user_name: z.string().nullable(),
  host: z.string().nullable(),
  db: z.string().nullable(),
  command: z.string().nullable(),
  seconds: number.nullable(),
  idle_seconds: number.nullable().default(null),
});
type Owner = z.infer<typeof ownerSchema>;

/** InnoDB tells its times in the operating system's time zone, whatever the session's is. */
const sql = `
  SELECT trx_id, trx_mysql_thread_id AS session_id, trx_state AS state,
    TIMESTAMPDIFF(SECOND, CONVERT_TZ(trx_started, 'SYSTEM', '+00:00'), UTC_TIMESTAMP()) AS age_seconds,
    TIMESTAMPDIFF(SECOND, CONVERT_TZ(trx_wait_started, 'SYSTEM', '+00:00'), UTC_TIMESTAMP()) AS wait_seconds,
    trx_isolation_level AS isolation, trx_rows_modified AS rows_modified, trx_rows_locked AS rows_locked,
    trx_query AS query
  FROM information_schema.INNODB_TRX
  ORDER BY trx_started, trx_id LIMIT 30`;

export const mysqlOldestTransaction = defineProbe({
  ...mysqlOldestTransactionRows,
  spec: ["P26"],
  title: "Which transactions have been open longest, and what do they hold back?",
  engines: ["mysql", "mariadb"],
  tier: "performance",
  cost: "One copy of INNODB_TRX, one of the process list and the InnoDB monitor text that last-deadlock reads; linear in the open transactions and connections.",
  needs: [processGrant, performanceSchemaGrant],
  maxRows: 30,
  source: "https://dev.mysql.com/doc/refman/8.4/en/information-schema-innodb-trx-table.html",
  statements: () => [{ sql }, innodbMonitorStatement],
  follow: ([rows = []], { server }) => ownersStatement(rows, server),
  read: ([rows = [], monitor = [], owners = []], context): MysqlTransactionRow[] => {
    const ownerOf = new Map(
      z
        .array(ownerSchema)
        .parse(owners)
        .map((owner) => [owner.id, owner]),
    );
    const { open } = parseInnodbMonitor(monitorText(monitor));
    return z
      .array(transactionSchema)
      .parse(rows)
      .map((transaction) => ({
        ...rowOf(transaction, ownerOf.get(transaction.session_id), context),
        readView: readViewOf(transaction, open ?? []),
      }));
  },
});

/** performance_schema's list takes no lock that every sign-in needs; it came with MySQL 8.0.22. */
function ownersStatement(rows: readonly SqlRow[], server: ServerInfo): SqlStatement[] {
  const ids = z
    .array(transactionSchema)
    .parse(rows)
    .map(({ session_id }) => session_id)
    .filter((id) => id > 0 && Number.isSafeInteger(id));
  if (ids.length === 0) return [];
  const mysql = server.engine === "mysql";
  const modern = mysql && versionIsAtLeast(server, [8, 0, 22]);
  const list = modern ? "performance_schema.processlist" : "information_schema.PROCESSLIST";
  return [
    {
      sql: `SELECT p.*, ${mysql ? sinceLastStatement : "p.seconds"} AS idle_seconds
        FROM (SELECT ID AS id, USER AS user_name, HOST AS host, DB AS db, COMMAND AS command, TIME AS seconds
          FROM ${list} WHERE ID IN (${ids.join(", ")})) AS p`,
    },
  ];
}

function rowOf(
  transaction: Transaction,
  owner: Owner | undefined,
  { settings }: ProbeContext,
): MysqlTransactionRow {
  const { isolation, query } = transaction;
  const state = stateOf(transaction, owner);
  const shown = {
    dialect: "mysql",
    queryText: settings.probing.queryText,
    optOutComment: settings.policy.optOutComment,
  } as const;
  return {
    transactionId: transaction.trx_id,
    sessionId: transaction.session_id === 0 ? null : transaction.session_id,
    user: owner?.user_name ?? null,
    client: owner?.host?.replace(/:\d+$/, "") || null,
    database: owner?.db || null,
    state,
    ageSeconds: Math.max(0, transaction.age_seconds ?? 0),
    ...(transaction.wait_seconds === null ? {} : { waitSeconds: Math.max(0, transaction.wait_seconds) }),
    idleSeconds: state === "idle" ? idleSeconds(owner) : null,
    isolationLevel: isolation,
    keepsView: isolation === "REPEATABLE READ" || isolation === "SERIALIZABLE",
    rowsModified: transaction.rows_modified,
    rowsLocked: transaction.rows_locked,
    query: query ? shownQuery(query, shown) : null,
  };
}

function idleSeconds(owner: Owner | undefined): number | null {
  const { idle_seconds: idle = null, seconds = null } = owner ?? {};
  return idle === null ? null : Math.max(0, Math.min(idle, seconds ?? idle));
}

function stateOf({ session_id, state }: Transaction, owner: Owner | undefined): MysqlTransactionRow["state"] {
  if (state === "ROLLING BACK") return "rolling-back";
  if (session_id === 0) return "no-session";
  if (state === "LOCK WAIT") return "lock-wait";
  if (state === "COMMITTING") return "committing";
  return owner?.command === "Sleep" ? "idle" : "active";
}

/** By its session, else by its number: MariaDB numbers none that has written nothing. Two of one session: not clear. */
function readViewOf(
  { trx_id, session_id }: Transaction,
  open: readonly ListedTransaction[],
): MysqlTransactionRow["readView"] {
  const [listed, another] = open.filter(({ sessionId, transactionId }) =>
    session_id === 0 ? sessionId === null && transactionId === trx_id : sessionId === session_id,
  );
  return listed === undefined || another !== undefined ? null : { unseenFrom: listed.unseenFrom };
}
