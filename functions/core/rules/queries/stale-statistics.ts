import { contradictedPlan, keepsPlan } from "../../facts/contradicted-plan.ts";
import { asItIsNow } from "../../facts/statement-cost.ts";
import { rounded, type Statement, statementProbes, statementsOf } from "../../facts/statements.ts";
import { explainsLoad, paceText, strainOf } from "../../facts/strain.ts";
import { analyzedSecondsAgo, plansOf, tableKey, tablesOf } from "../../facts/table-facts.ts";
import { asStatement } from "../../facts/uncounted-statements.ts";
import type { View } from "../../facts/view.ts";
import type { PostgresPlanRow } from "../../probes/postgres/plans/rows.ts";
import type { TableRow } from "../../probes/postgres/tables/rows.ts";
import { analyzeTable } from "../../remedies/query-remedies.ts";
import { mentions } from "../../text/table-in.ts";
import { duration, plural, statementText } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { mysqlMisjudgedDrafts } from "./mysql-misjudged-draft.ts";
import { mysqlStatisticsDrafts } from "./mysql-statistics-draft.ts";
import { unanalyzedDrafts } from "./unanalyzed-draft.ts";
import { upgradedDrafts } from "./upgraded-draft.ts";

export const staleStatistics = defineRule({
  id: "stale-statistics",
  spec: ["D4"],
  category: "queries",
  title: "The planner knows a table as it no longer is",
  needs: [
    "DescribeEvents",
    "postgres-tables",
    "postgres-plans",
    "mysql-table-statistics",
    "mysql-plans",
    ...statementProbes,
  ],
  evaluate: (view) => [
    ...(tablesOf(view) ?? []).flatMap((table) => draftOf(view, table) ?? []),
    ...mysqlStatisticsDrafts(view),
    ...mysqlMisjudgedDrafts(view),
    ...upgradedDrafts(view),
    ...unanalyzedDrafts(view),
  ],
});

/** Of a smaller table every plan is a quick one. */
const fewRows = 10_000;
/** So many times the changes that would bring autoanalyze: it had its chance. */
const overdue = 3;

interface Victim {
  readonly statement: Statement;
  /** What the planner expects, and what comes. */
  readonly estimate: string;
  readonly strain: string | null;
  /** By itself it tells that the numbers are too old, whatever counters say. */
  readonly proves: "joins" | "time" | null;
}

function draftOf(view: View, table: TableRow): FindingDraft | null {
  const old = staleness(table);
  const age = old ?? newRows(table);
  if (age === null) return null;
  const isOld = old !== null && !autoanalyzeComes(table);
  const victims = victimsOf(view, table).filter(({ proves }) => isOld || proves !== null);
  const hurt = victims.find(({ strain }) => strain !== null);
  if (hurt === undefined && !isOld) return null;
  const worst = hurt ?? victims[0];
  const name = tableKey(table);
  return {
    subject: name,
    severity: hurt === undefined ? "P3" : "P2",
    nature: hurt === undefined ? "chronic" : "acute",
    confidence: confidenceOf(hurt, worst),
    summary: `Statistics of ${name} are stale: ${age}${worst === undefined ? "; no statement is seen to suffer from it" : `; a statement on it expects ${worst.estimate}${hurt === undefined ? "" : ` (${paceText(hurt.statement)}); ${hurt.strain}`}`}`,
    evidence: [
      {
        source: "postgres-tables",
        says: `${plural(table.changedSinceAnalyze, "row")} changed since the last analyze, autoanalyze comes at ${rounded(table.analyzeAtChangedRows)}${table.autovacuumEnabled ? "" : " but is off for this table"}`,
      },
      ...victims.slice(0, 3).flatMap(({ statement }) => {
        const text = statementText(statement.query);
        return text === null ? [] : [{ source: "postgres-plans", says: `statement: ${text}` }];
      }),
      ...(hurt?.proves === "time" ? [keepsPlan] : []),
    ],
    explains: victims.flatMap(({ statement, strain, proves }) => [
      {
        cause: "plan-regression" as const,
        subject: statement.key,
        because: "its plan rests on these numbers",
      },
      {
        cause: "query-regression" as const,
        subject: statement.key,
        because: "its plan rests on these numbers",
      },
      {
        cause: "spilling-query" as const,
        subject: statement.key,
        because: "memory is planned by these numbers",
      },
      ...(strain === null
        ? []
        : explainsLoad(
            view,
            statement,
            [
              "cpu-saturated",
              "instance-undersized",
              ...(proves === "time" ? [] : (["io-saturated"] as const)),
            ],
            `its plan rests on numbers of ${name} that are no longer true`,
          )),
    ]),
    actions: [analyzeTable(view, table)],
  };
}

/** That the time of a statement contradicts its plan's cost may have another reason that nobody has seen. */
function confidenceOf(hurt: Victim | undefined, worst: Victim | undefined): number {
  if (hurt !== undefined) return hurt.proves === "time" ? 0.7 : 0.85;
  return worst === undefined ? 0.4 : 0.6;
}

/** What is old about its statistics; null when they are as good as can be. */
function staleness(table: TableRow): string | null {
  const { liveRows, changedSinceAnalyze: changed, analyzeAtChangedRows } = table;
  const ago = analyzedSecondsAgo(table);
  if (liveRows < fewRows || changed === 0) return null;
  const share = `${rounded((100 * changed) / Math.max(1, liveRows))} % of its ${rounded(liveRows)} rows`;
  if (ago === null && changed >= liveRows / 2)
    return `it was never analyzed, and has ${rounded(liveRows)} rows`;
  if (changed <= overdue * analyzeAtChangedRows) return null;
  return `${share} changed since it was analyzed${ago === null ? "" : ` ${duration(ago)} ago`}`;
}

/** Of fewer rows it does not matter in which way they are joined. */
const manyNew = 1000;

/**
 * Long before autoanalyze comes the newest values of a column, today's, lie beyond all that was sampled, and the planner
 * takes them for a row or none. That they are enough to count for a plan is told by that plan.
 * https://www.postgresql.org/docs/current/row-estimation-examples.html
 */
function newRows(table: TableRow): string | null {
  const { liveRows, changedSinceAnalyze: changed, analyzeAtChangedRows } = table;
  const ago = analyzedSecondsAgo(table);
  if (liveRows < fewRows || changed < manyNew) return null;
  return `${plural(changed, "row")} of its ${rounded(liveRows)} changed since it was analyzed${ago === null ? "" : ` ${duration(ago)} ago`}, ${changed <= analyzeAtChangedRows ? "too few for autoanalyze" : "and autoanalyze has not come yet"}`;
}

/** autovacuum_naptime's default: so long it takes until autovacuum has looked at the database again. */
const napSeconds = 60;

/**
 * It had no chance yet. A session that loads a table and analyzes it at once reports its rows only afterwards: then they
 * are counted twice, and as changed since. Seen on PostgreSQL 14 to 18.
 * https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-STATS-VIEWS (when counters are flushed)
 */
function autoanalyzeComes(table: TableRow): boolean {
  return table.autovacuumEnabled && (analyzedSecondsAgo(table) ?? napSeconds) < napSeconds;
}

/** Statements on the table of which the planner expects far more or fewer rows than come; those that hurt first. */
function victimsOf(view: View, table: TableRow): readonly Victim[] {
  const statements = statementsOf(view) ?? [];
  return plansOf(view)
    .flatMap((plan) => {
      if (!mentions(plan.query, table.table)) return [];
      const counted = statements.find(({ id, user }) => id === plan.queryId && user === plan.user);
      const statement = asItIsNow(view, counted ?? asStatement(plan));
      const estimate = estimateOf(plan, tableKey(table)) ?? tooLong(view, table, plan, statement);
      if (estimate === null) return [];
      return [{ statement, ...estimate, strain: strainOf(view, statement) }];
    })
    .toSorted((a, b) => b.statement.now.averageSessions - a.statement.now.averageSessions);
}

function estimateOf(
  { problems, estimatedRows, meanRows }: PostgresPlanRow,
  key: string,
): Pick<Victim, "estimate" | "proves"> | null {
  const loops = problems.find(({ kind, relation }) => kind === "loop-estimate" && relation === key);
  if (loops !== undefined) return { estimate: `little of it: ${loops.detail}`, proves: "joins" };
  if (!problems.some(({ kind }) => kind === "row-estimate")) return null;
  return { estimate: `${rounded(estimatedRows ?? 0)} rows and gets ${rounded(meanRows)}`, proves: null };
}

/** More rows have changed than make an ANALYZE due, and nothing but rows that the planner does not know takes its time. */
function tooLong(
  view: View,
  { changedSinceAnalyze, analyzeAtChangedRows }: TableRow,
  plan: PostgresPlanRow,
  statement: Statement,
): Pick<Victim, "estimate" | "proves"> | null {
  const estimate =
    changedSinceAnalyze > analyzeAtChangedRows ? contradictedPlan(view, plan, statement) : null;
  return estimate === null ? null : { estimate, proves: "time" };
}
