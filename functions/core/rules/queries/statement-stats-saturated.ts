import type { ProposedAction } from "../../contract/finding.ts";
import { rounded } from "../../facts/statements.ts";
import type { View } from "../../facts/view.ts";
import { mysqlStatementDigestsCapacityRows } from "../../probes/mysql/statement-digests/capacity-rows.ts";
import { postgresTopStatementsCapacityRows } from "../../probes/postgres/top-statements/capacity-rows.ts";
import { resetStatistics } from "../../remedies/query-remedies.ts";
import { duration, plural } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

export const statementStatsSaturated = defineRule({
  id: "statement-stats-saturated",
  spec: ["D4"],
  category: "queries",
  nature: "chronic",
  title: "Statement statistics are full and lose statements",
  needs: [postgresTopStatementsCapacityRows.id, mysqlStatementDigestsCapacityRows.id],
  evaluate: (view) => [...postgresDraft(view), ...mysqlDraft(view)],
});

/** At the limit five percent of the entries, ten at least, are thrown out: from then on it is never emptier. */
const fullPercent = 90;

function postgresDraft(view: View): readonly FindingDraft[] {
  const [row] = view.rows(postgresTopStatementsCapacityRows) ?? [];
  if (row === undefined || row.percent < fullPercent || row.evictions === 0) return [];
  const evictions =
    row.evictions === null
      ? "this version does not tell how often entries were thrown out"
      : `entries were thrown out ${plural(row.evictions, "time")}${row.statsSeconds === null ? "" : ` in ${duration(row.statsSeconds)}`}`;
  return [
    draft(
      row.evictions === null ? 0.5 : 0.9,
      `pg_stat_statements is full (${row.entries} of ${row.maxEntries} entries): ${evictions}, so its totals miss statements`,
      `${rounded(row.percent)} % full, pg_stat_statements.track = ${row.track}`,
      postgresTopStatementsCapacityRows.id,
      resetStatistics(view, "pg_stat_statements"),
    ),
  ];
}

function mysqlDraft(view: View): readonly FindingDraft[] {
  const [row] = view.rows(mysqlStatementDigestsCapacityRows) ?? [];
  if (row === undefined || !row.saturated) return [];
  return [
    draft(
      0.9,
      `The statement digests are full (${row.entries} of ${row.maxEntries} entries): ${plural(row.callsWithoutDigest, "call")} (${rounded(row.callsWithoutDigestPercent)} %) are counted under no statement`,
      `${rounded(row.callsWithoutDigestPerSecond ?? 0)} such calls a second`,
      mysqlStatementDigestsCapacityRows.id,
      resetStatistics(view, "digests"),
    ),
  ];
}

/** Hygiene: it blinds whoever looks at statements, and harms no application. */
function draft(
  confidence: number,
  summary: string,
  says: string,
  source: string,
  action: ProposedAction,
): FindingDraft {
  return {
    subject: "",
    severity: "P3",
    confidence,
    summary,
    evidence: [{ source, says }],
    explains: [],
    actions: [action],
  };
}
