import { analyzeTableOffer } from "../actions/database/analyze-table.ts";
import { propose } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { View } from "../facts/view.ts";
import type { MysqlTableStatisticsRow } from "../probes/mysql/table-statistics-rows.ts";
import { mysqlName } from "../text/sql-names.ts";

/** https://dev.mysql.com/doc/relnotes/mysql/8.0/en/news-8-0-24.html: until then it left the table to be flushed. */
const flushes = /^(?:5\.|8\.0\.(?:1?\d|2[0-3])(?!\d))/;

/** https://dev.mysql.com/doc/refman/8.4/en/analyze-table.html https://mariadb.com/kb/en/analyze-table/ */
export function analyzeMysqlTable(
  { evidence: { target }, server }: View,
  {
    schema,
    table,
    recounts,
  }: Pick<MysqlTableStatisticsRow, "schema" | "table"> & { readonly recounts: boolean | null },
): ProposedAction {
  const name = mysqlName(schema, table);
  const stalls = target.engine === "mysql" && flushes.test(server?.version ?? target.engineVersion ?? "");
  const input = { schema, name: table };
  return propose(analyzeTableOffer, input, target, {
    ...{ frees: null, risk: stalls ? "disruptive" : "safe" },
    describes: `count the values of ${schema}.${table}'s indexes again`,
    consequence: `Reads some pages of each index; plans may change for the better or the worse.${stalls ? " In this version new statements on the table wait behind any that runs for long: run it when none does." : ""} Each replica has to do it for itself.${recounts !== false ? "" : ` So that it stays true, in a session after SET lock_wait_timeout = 5: ALTER TABLE ${name} STATS_AUTO_RECALC = 1.`}`,
  });
}
