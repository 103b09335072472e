import { statementsOf } from "../../facts/statements.ts";
import { explainsLoad, strainOf } from "../../facts/strain.ts";
import type { View } from "../../facts/view.ts";
import {
  type MysqlTableStatisticsRow,
  mysqlTableStatisticsRows,
} from "../../probes/mysql/table-statistics-rows.ts";
import { analyzeMysqlTable } from "../../remedies/mysql-statistics-remedies.ts";
import { mentions } from "../../text/table-in.ts";
import { countText, duration } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** A table that has doubled or halved since its values were counted: a tenth already has them counted again. */
const changedTimes = 2;
const toldAtMost = 5;
/** The background thread comes to a table some seconds after it has changed. */
const soonSeconds = 300;

/** Statistics that InnoDB stores, and that no count has renewed. */
export function mysqlStatisticsDrafts(view: View): readonly FindingDraft[] {
  return (view.rows(mysqlTableStatisticsRows) ?? [])
    .filter(({ recounts, countedSecondsAgo }) => !recounts || countedSecondsAgo > soonSeconds)
    .filter(({ rows, countedRows }) => {
      const [less, more] = [Math.min(rows, countedRows), Math.max(rows, countedRows)];
      return more >= changedTimes * Math.max(1, less);
    })
    .slice(0, toldAtMost)
    .map((row) => draftOf(view, row));
}

function draftOf(view: View, row: MysqlTableStatisticsRow): FindingDraft {
  const { schema, table, rows, countedRows, countedSecondsAgo, recounts } = row;
  const name = `${schema}.${table}`;
  const victims = (statementsOf(view) ?? [])
    .filter(({ query }) => query !== null && mentions(query, table))
    .map((statement) => ({ statement, strain: strainOf(view, statement) }));
  const hurt = victims.find(({ strain }) => strain !== null);
  const because = `its plan rests on values counted at ${countText(countedRows, "row")}`;
  return {
    subject: name,
    severity: hurt === undefined ? "P3" : "P2",
    confidence: hurt === undefined ? 0.5 : 0.6,
    summary: `Statistics of ${name} are stale: they were counted ${duration(countedSecondsAgo)} ago at ${countText(countedRows, "row")}, it has about ${countText(rows, "row")} now${hurt === undefined ? "" : `; ${hurt.strain}`}`,
    evidence: [
      {
        source: mysqlTableStatisticsRows.id,
        says: recounts
          ? "they are counted again by themselves soon after a tenth of the rows has changed, and have not been"
          : "nothing counts them again: STATS_AUTO_RECALC of the table, or innodb_stats_auto_recalc, is off",
      },
    ],
    explains: victims.flatMap(({ statement, strain }) => [
      { cause: "plan-regression" as const, subject: statement.key, because },
      { cause: "query-regression" as const, subject: statement.key, because },
      ...(strain === null
        ? []
        : explainsLoad(view, statement, ["cpu-saturated", "io-saturated", "instance-undersized"], because)),
    ]),
    actions: [analyzeMysqlTable(view, row)],
  };
}
