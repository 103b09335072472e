import * as z from "zod";
import type { ServerInfo, SqlRow } from "../../../ports.ts";
import { defineProbe, type FollowStatement, type Need } from "../../define.ts";
import { tablespaces } from "../indexes/sql.ts";
import { performanceSchemaGrant, processGrant } from "../sight.ts";
import { type MysqlSpaceRow, mysqlSpaceRows } from "./rows.ts";

const number = z.coerce.number();
const settingsSchema = z.object({ path: z.string(), output: z.string(), general: number, slow: number });
const fileSchema = z.object({ name: z.string(), file_bytes: number });
const sessionSchema = z.object({ session_id: number, temporary_bytes: number });
const refusalSchema = z.object({ errno: number, raised: number, seconds_ago: number });
const binlogSchema = z.object({ Log_name: z.string(), File_size: number });

/** https://mariadb.com/kb/en/grant/#binlog-monitor: MariaDB's name for it since 10.5 is BINLOG MONITOR, and it takes both. */
const binlogGrant: Need = {
  kind: "grant",
  name: "REPLICATION CLIENT",
  enable: "GRANT REPLICATION CLIENT ON *.* TO {user}",
};

const settingsSql =
  "SELECT @@innodb_temp_data_file_path AS path, @@log_output AS output, @@general_log AS general, @@slow_query_log AS slow";

const filesSql = (server: ServerInfo): string =>
  `SELECT NAME AS name, FILE_SIZE AS file_bytes FROM ${tablespaces(server)}
    WHERE NAME = 'innodb_temporary' OR NAME LIKE 'innodb\\_undo%'`;

const sessionsSql = `SELECT ID AS session_id, SUM(SIZE) AS temporary_bytes FROM information_schema.INNODB_SESSION_TEMP_TABLESPACES
  WHERE STATE = 'ACTIVE' AND ID > 0 AND ID <> CONNECTION_ID() GROUP BY ID ORDER BY temporary_bytes DESC LIMIT 5`;

/** 1114 the table is full, 1021 disk full. */
const refusalsSql = `SELECT ERROR_NUMBER AS errno, SUM_ERROR_RAISED AS raised,
    GREATEST(0, TIMESTAMPDIFF(SECOND, LAST_SEEN, NOW())) AS seconds_ago
  FROM performance_schema.events_errors_summary_global_by_error
  WHERE ERROR_NUMBER IN (1021, 1114) AND SUM_ERROR_RAISED > 0`;

export const mysqlSpace = defineProbe({
  ...mysqlSpaceRows,
  spec: ["P26", "P28"],
  title:
    "How much do temporary tables, binary logs and undo take, and was anything refused for want of space?",
  engines: ["mysql", "mariadb"],
  tier: "performance",
  cost: "The sizes of all tablespaces' files once (45 ms for 5,000), the list of binary logs, and a few small tables.",
  needs: [processGrant, performanceSchemaGrant, binlogGrant],
  maxRows: 1,
  source: "https://dev.mysql.com/doc/refman/8.4/en/innodb-temporary-tablespace.html",
  statements: ({ server }) => [{ sql: settingsSql }, { sql: filesSql(server) }],
  follow: (_answers, { server }): FollowStatement[] =>
    ["SHOW BINARY LOGS", ...(server.engine === "mysql" ? [sessionsSql, refusalsSql] : [])].map((sql) => ({
      sql,
      mayFail: true,
    })),
  read: ([settings = [], files = [], binlogs, sessions, refusals]): MysqlSpaceRow[] => {
    const { path, output, general, slow } = settingsSchema.parse(settings[0]);
    const rows = z.array(fileSchema).parse(files);
    const temporary = rows.find(({ name }) => name === "innodb_temporary");
    const undo = rows.filter(({ name }) => name.startsWith("innodb_undo"));
    const logs = rowsOf(binlogSchema, binlogs);
    const inTables = /TABLE/i.test(output);
    return [
      {
        temporary:
          temporary === undefined ? null : { bytes: temporary.file_bytes, maxBytes: maximumIn(path) },
        temporarySessions:
          rowsOf(sessionSchema, sessions)?.map(({ session_id, temporary_bytes }) => ({
            id: session_id,
            bytes: temporary_bytes,
          })) ?? null,
        refusals:
          rowsOf(refusalSchema, refusals)?.map(({ errno, raised, seconds_ago }) => ({
            errno,
            count: raised,
            secondsAgo: seconds_ago,
          })) ?? null,
        binlogs: logs && {
          files: logs.length,
          bytes: logs.reduce((sum, { File_size }) => sum + File_size, 0),
        },
        undoBytes: undo.length === 0 ? null : undo.reduce((sum, { file_bytes }) => sum + file_bytes, 0),
        logTables: [
          ...(inTables && general === 1 ? (["general_log"] as const) : []),
          ...(inTables && slow === 1 ? (["slow_log"] as const) : []),
        ],
      },
    ];
  },
});

/** Null: not asked, or refused; binary logs may also be off (error 1381). */
function rowsOf<Row>(schema: z.ZodType<Row>, answer: readonly SqlRow[] | undefined): Row[] | null {
  const read = z.array(schema).safeParse(answer);
  return read.success ? read.data : null;
}

const units: Readonly<Record<string, number>> = { K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** "ibtmp1:12M:autoextend:max:500M"; without autoextend its size is all there is. */
function maximumIn(path: string): number | null {
  const [, size, unit] =
    /:max:(\d+)([KMG]?)/i.exec(path) ??
    (/autoextend/i.test(path) ? [] : (/:(\d+)([KMG]?)/i.exec(path) ?? []));
  return size === undefined ? null : Number(size) * (units[(unit ?? "").toUpperCase()] ?? 1);
}
