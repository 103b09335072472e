import * as z from "zod";
import { SqlError } from "../../errors.ts";
import type { SqlRow } from "../../ports.ts";
import { defineProbe } from "../define.ts";
import { innodbMonitorStatement, monitorText, parseInnodbMonitor } from "./innodb-monitor.ts";
import { type MysqlPurgeRow, mysqlOldestTransactionPurgeRows } from "./oldest-transaction-purge-rows.ts";
import { processGrant } from "./sight.ts";

const number = z.coerce.number();
const historySchema = z.object({
  at_seconds: number,
  history_length: number.nullable(),
  truncate_bytes: number,
  truncate_on: number,
  purge_threads: number,
  max_purge_lag: number,
});
const undoSchema = z.object({ spaces: number, bytes: number.nullable() });

/** The counter is in the default set of innodb_monitor_enable, and is kept even where its module is off. */
const historySql = `
  SELECT UNIX_TIMESTAMP(NOW(6)) AS at_seconds,
    (SELECT \`COUNT\` FROM information_schema.INNODB_METRICS WHERE NAME = 'trx_rseg_history_len') AS history_length,
    @@innodb_max_undo_log_size AS truncate_bytes, @@innodb_undo_log_truncate AS truncate_on,
    @@innodb_purge_threads AS purge_threads, @@innodb_max_purge_lag AS max_purge_lag`;

/** On MariaDB the status variable, because innodb_monitor_disable can stop the counter. */
const mariadbHistorySql = historySql.replace(
  /\(SELECT[^)]*\)/,
  "(SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'Innodb_history_list_length')",
);

const undoSql = (table: string): string =>
  `SELECT COUNT(*) AS spaces, SUM(FILE_SIZE) AS bytes FROM information_schema.${table} WHERE NAME LIKE 'innodb\\_undo%'`;

export const mysqlOldestTransactionPurge = defineProbe({
  ...mysqlOldestTransactionPurgeRows,
  spec: ["P26"],
  title: "How long is the history list, does it grow, and how large is undo?",
  engines: ["mysql", "mariadb"],
  tier: "performance",
  cost: "A few counters and one InnoDB monitor text twice, at most 1 MB each, and the size of each tablespace's file once: about 45 ms with 5,000 of them.",
  needs: [processGrant],
  maxRows: 1,
  source: "https://dev.mysql.com/doc/refman/8.4/en/innodb-purge-configuration.html",
  samples: 2,
  statements: ({ server }) => [
    { sql: server.engine === "mariadb" ? mariadbHistorySql : historySql },
    innodbMonitorStatement,
  ],
  follow: (_answers, { server }) => [
    { sql: undoSql(server.engine === "mariadb" ? "INNODB_SYS_TABLESPACES" : "INNODB_TABLESPACES") },
  ],
  read: ([first = [], monitor = [], second = [], later = [], undo = []]): MysqlPurgeRow[] => {
    const [before, after] = [historySchema.parse(first[0]), historySchema.parse(second[0])];
    const { spaces, bytes } = undoSchema.parse(undo[0]);
    if (after.history_length === null) {
      throw new SqlError(
        "missing-object",
        "trx_rseg_history_len",
        "the server does not tell its history list length",
      );
    }
    const seconds = Math.max(0, after.at_seconds - before.at_seconds);
    const grown = after.history_length - (before.history_length ?? after.history_length);
    return [
      {
        intervalSeconds: seconds,
        historyListLength: after.history_length,
        historyGrowthPerSecond: seconds === 0 ? null : grown / seconds,
        undoBytes: spaces === 0 ? null : bytes,
        undoTablespaces: spaces,
        undoTruncateBytes: after.truncate_bytes,
        undoTruncateOn: after.truncate_on === 1,
        purgeThreads: after.purge_threads,
        maxPurgeLag: after.max_purge_lag,
        monitor: monitorOf(monitor, later),
      },
    ];
  },
});

function monitorOf(first: readonly SqlRow[], second: readonly SqlRow[]): MysqlPurgeRow["monitor"] {
  const [before, after] = [first, second].map((answer) => parseInnodbMonitor(monitorText(answer)));
  if (!before || !after) return null;
  const { nextNumber, purgedBelow, openViews } = after;
  if (nextNumber === null || purgedBelow === null || openViews === null) return null;
  return {
    nextNumber,
    purgedBelow,
    openViews,
    openViewsBefore: before.openViews,
    purgeStands: before.purgedBelow === purgedBelow,
  };
}
