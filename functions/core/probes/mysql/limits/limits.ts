import * as z from "zod";
import type { ServerInfo, SqlRow } from "../../../ports.ts";
import { defineProbe, type FollowStatement } from "../../define.ts";
import { performanceSchemaGrant } from "../sight.ts";
import { type MysqlLimitsRow, mysqlLimitsRows } from "./rows.ts";

const number = z.coerce.number();
const levelsSchema = z.object({
  prepared: number,
  prepared_max: number,
  files: number,
  files_max: number,
  tables: number,
  tables_max: number,
  user_max: number,
  errors_max: number,
});
const refusalSchema = z.object({ errno: number, name: z.string(), raised: number, seconds_ago: number });
const hostSchema = z.object({ host: z.string(), errors: number, refused: number });
const accountSchema = z.object({ user: z.string(), raised: number, seconds_ago: number });
const ownerSchema = z.object({
  owner: z.string().nullable(),
  sessions: number,
  statements: number,
  most: number,
});

/** 1129 host blocked, 1203 and 1226 connections of a user, 1290 and 1836 read only, 1461 prepared statements. */
const refused = "1129, 1203, 1226, 1290, 1461, 1836";
const ofAccounts: readonly number[] = [1203, 1226];
const manyPercent = 50;

function levelsSql({ engine }: ServerInfo): string {
  const from = engine === "mariadb" ? "information_schema.GLOBAL_STATUS" : "performance_schema.global_status";
  const status = (name: string): string => `MAX(CASE WHEN VARIABLE_NAME = '${name}' THEN VARIABLE_VALUE END)`;
  return `SELECT ${status("Prepared_stmt_count")} AS prepared, @@max_prepared_stmt_count AS prepared_max,
      ${status("Open_files")} AS files, @@open_files_limit AS files_max,
      ${status("Open_tables")} AS tables, @@table_open_cache AS tables_max,
      @@GLOBAL.max_user_connections AS user_max, @@max_connect_errors AS errors_max
    FROM ${from} WHERE VARIABLE_NAME IN ('Prepared_stmt_count', 'Open_files', 'Open_tables')`;
}

const hostsSql = `SELECT COALESCE(HOST, IP) AS host, SUM_CONNECT_ERRORS AS errors, COUNT_HOST_BLOCKED_ERRORS AS refused
  FROM performance_schema.host_cache WHERE SUM_CONNECT_ERRORS >= @@max_connect_errors
  ORDER BY COUNT_HOST_BLOCKED_ERRORS DESC LIMIT 10`;

/** With whatever was raised within a minute, most frequent first; some warnings are counted alike, and named so. */
const refusalsSql = `SELECT ERROR_NUMBER AS errno, ERROR_NAME AS name, SUM_ERROR_RAISED AS raised,
    GREATEST(0, TIMESTAMPDIFF(SECOND, LAST_SEEN, NOW())) AS seconds_ago
  FROM performance_schema.events_errors_summary_global_by_error
  WHERE SUM_ERROR_RAISED > 0 AND ERROR_NUMBER > 0
    AND (ERROR_NUMBER IN (${refused}) OR (LAST_SEEN >= NOW() - INTERVAL 1 MINUTE AND ERROR_NAME NOT LIKE 'ER!_WARN%' ESCAPE '!'))
  ORDER BY ERROR_NUMBER IN (${refused}) DESC, SUM_ERROR_RAISED DESC LIMIT 16`;

/** Who was refused; a row for each error of each user, so asked only where somebody was. */
const accountsSql = `SELECT USER AS user, SUM(SUM_ERROR_RAISED) AS raised,
    GREATEST(0, TIMESTAMPDIFF(SECOND, MAX(LAST_SEEN), NOW())) AS seconds_ago
  FROM performance_schema.events_errors_summary_by_user_by_error
  WHERE ERROR_NUMBER IN (${ofAccounts.join(", ")}) AND SUM_ERROR_RAISED > 0 AND USER IS NOT NULL
  GROUP BY USER ORDER BY raised DESC LIMIT 5`;

const ownersSql = `SELECT t.PROCESSLIST_USER AS owner, COUNT(*) AS sessions, SUM(p.statements) AS statements,
    MAX(p.statements) AS most
  FROM (SELECT OWNER_THREAD_ID, COUNT(*) AS statements FROM performance_schema.prepared_statements_instances
    GROUP BY OWNER_THREAD_ID) AS p JOIN performance_schema.threads t ON t.THREAD_ID = p.OWNER_THREAD_ID
  GROUP BY t.PROCESSLIST_USER ORDER BY statements DESC LIMIT 5`;

export const mysqlLimits = defineProbe({
  ...mysqlLimitsRows,
  spec: ["P28"],
  title:
    "Which limits of the server are reached: prepared statements, open files and tables, connections of a user, blocked hosts?",
  engines: ["mysql", "mariadb"],
  tier: "performance",
  cost: "Three status variables and two small tables; with more than half of the prepared statements taken, those are counted by owner, and who was refused for a limit of the account by user.",
  needs: [performanceSchemaGrant],
  maxRows: 1,
  source:
    "https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_max_prepared_stmt_count",
  statements: ({ server }) => [{ sql: levelsSql(server) }],
  followRounds: 2,
  follow: ([levels, ...further], { server }): FollowStatement[] => {
    const mysql = server.engine === "mysql";
    const first = [hostsSql, ...(mysql ? [refusalsSql] : []), ...(asksOwners(levels) ? [ownersSql] : [])];
    const asked = further.length === 0 ? first : mysql && refusesAccounts(further[1]) ? [accountsSql] : [];
    return asked.map((sql) => ({ sql, mayFail: true }));
  },
  read: ([levels = [], hosts, ...further], { server }): MysqlLimitsRow[] => {
    const now = levelsSchema.parse(levels[0]);
    const [refusals, ...rest] = server.engine === "mysql" ? further : [undefined, ...further];
    const [owners, accounts] = asksOwners(levels) ? rest : [undefined, ...rest];
    return [
      {
        preparedStatements: { used: now.prepared, max: now.prepared_max },
        openFiles: { used: now.files, max: now.files_max },
        openTables: { used: now.tables, max: now.tables_max },
        maxUserConnections: now.user_max,
        maxConnectErrors: now.errors_max,
        blockedHosts: rowsOf(hostSchema, hosts),
        refusals:
          rowsOf(refusalSchema, refusals)?.map(({ errno, name, raised, seconds_ago }) => ({
            errno,
            name,
            count: raised,
            secondsAgo: seconds_ago,
          })) ?? null,
        refusedAccounts:
          rowsOf(accountSchema, accounts)?.map(({ user, raised, seconds_ago }) => ({
            user,
            count: raised,
            secondsAgo: seconds_ago,
          })) ?? null,
        statementOwners:
          rowsOf(ownerSchema, owners)?.map(({ owner, sessions, statements, most }) => ({
            user: owner ?? "the server itself",
            sessions,
            statements,
            mostOfOne: most,
          })) ?? null,
      },
    ];
  },
});

function asksOwners(levels: readonly SqlRow[] | undefined): boolean {
  const { prepared, prepared_max } = levelsSchema.parse(levels?.[0]);
  return prepared * 100 >= prepared_max * manyPercent;
}

function refusesAccounts(refusals: readonly SqlRow[] | undefined): boolean {
  return (rowsOf(refusalSchema, refusals) ?? []).some(({ errno }) => ofAccounts.includes(errno));
}

/** Null: not asked, or refused. */
function rowsOf<Row>(schema: z.ZodType<Row>, answer: readonly SqlRow[] | undefined): Row[] | null {
  const read = z.array(schema).safeParse(answer);
  return read.success ? read.data : null;
}
