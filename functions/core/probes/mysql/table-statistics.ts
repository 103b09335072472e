import * as z from "zod";
import type { SqlRow } from "../../ports.ts";
import { defineProbe, type FollowStatement, type Need } from "../define.ts";
import { forTables, metadataGrant, systemSchemas, type TableName, tableKey } from "./indexes/sql.ts";
import { performanceSchemaGrant } from "./sight.ts";
import { type MysqlTableStatisticsRow, mysqlTableStatisticsRows } from "./table-statistics-rows.ts";

/** https://dev.mysql.com/doc/refman/8.4/en/innodb-persistent-stats.html */
const storedGrant: Need = {
  kind: "grant",
  name: "SELECT on mysql.innodb_table_stats",
  enable: "GRANT SELECT ON mysql.innodb_table_stats TO {user}",
  optional: "how old the planner's statistics are",
};

const namedSchema = z.object({ schema_name: z.string(), table_name: z.string() });
const storedSchema = namedSchema.extend({
  counted_rows: z.coerce.number(),
  seconds_ago: z.coerce.number(),
});
const countSchema = namedSchema.extend({
  table_rows: z.coerce.number(),
  options: z.string().nullable(),
});

/** Written since the start, or else nothing has changed. */
const writtenSql = `
  SELECT s.database_name AS schema_name, s.table_name AS table_name, s.n_rows AS counted_rows,
    GREATEST(0, TIMESTAMPDIFF(SECOND, s.last_update, NOW())) AS seconds_ago
  FROM performance_schema.table_io_waits_summary_by_table u
  JOIN mysql.innodb_table_stats s ON s.database_name = u.OBJECT_SCHEMA AND s.table_name = u.OBJECT_NAME
  WHERE u.OBJECT_TYPE = 'TABLE' AND u.COUNT_WRITE > 0 AND u.OBJECT_SCHEMA NOT IN (${systemSchemas})
  ORDER BY u.COUNT_WRITE DESC LIMIT 40`;

const autoSql = "SELECT @@innodb_stats_auto_recalc AS on_by_default";

/** Of a smaller table every plan is a quick one. */
const fewRows = 10_000;

export const mysqlTableStatistics = defineProbe({
  ...mysqlTableStatisticsRows,
  spec: ["P33"],
  title: "For which tables are the planner's statistics those of another size?",
  engines: ["mysql", "mariadb"],
  tier: "performance",
  cost: "The stored statistics of the 40 tables written to most, and a look at each.",
  needs: [performanceSchemaGrant, metadataGrant, storedGrant],
  maxRows: 20,
  source: "https://dev.mysql.com/doc/refman/8.4/en/innodb-persistent-stats.html",
  statements: () => [{ sql: writtenSql }, { sql: autoSql }],
  follow: ([stored = []], { server }): readonly FollowStatement[] => {
    const expiry = (value: string): FollowStatement => ({
      sql: server.engine === "mysql" ? `SET SESSION information_schema_stats_expiry = ${value}` : "DO 0",
      mayFail: true,
    });
    const counts = forTables(
      z.array(namedSchema).parse(stored).map(tableOf),
      "SELECT TABLE_SCHEMA AS schema_name, TABLE_NAME AS table_name, TABLE_ROWS AS table_rows, CREATE_OPTIONS AS options FROM information_schema.TABLES",
    );
    return [expiry("0"), ...counts, expiry("DEFAULT")];
  },
  read: ([stored = [], auto = [], ...looks]): MysqlTableStatisticsRow[] => {
    const byDefault = Number(auto[0]?.["on_by_default"]) === 1;
    const counts = new Map(countsIn(looks).map((row) => [tableKey(tableOf(row)), row]));
    return z
      .array(storedSchema)
      .parse(stored)
      .flatMap((row): MysqlTableStatisticsRow[] => {
        const now = counts.get(tableKey(tableOf(row)));
        if (now === undefined || Math.max(now.table_rows, row.counted_rows) < fewRows) return [];
        const set = /stats_auto_recalc=([01])/i.exec(now.options ?? "")?.[1];
        return [
          {
            ...tableOf(row),
            rows: now.table_rows,
            countedRows: row.counted_rows,
            countedSecondsAgo: row.seconds_ago,
            recounts: set === undefined ? byDefault : set === "1",
          },
        ];
      })
      .toSorted((a, b) => Math.abs(b.rows - b.countedRows) - Math.abs(a.rows - a.countedRows));
  },
});

function tableOf(row: z.infer<typeof namedSchema>): TableName {
  return { schema: row.schema_name, table: row.table_name };
}

/** The answers to SET are among them. */
function countsIn(looks: readonly (readonly SqlRow[])[]): z.infer<typeof countSchema>[] {
  return looks.flat().flatMap((row) => {
    const { success, data } = countSchema.safeParse(row);
    return success ? [data] : [];
  });
}
