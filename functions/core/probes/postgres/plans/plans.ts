import { costliestStep } from "../../../plans/costliest-step.ts";
import { rowEstimateProblem } from "../../../plans/row-estimate.ts";
import { shownQuery } from "../../../text/normalise-query.ts";
import type { Need, ProbeContext } from "../../define.ts";
import { defineProbe } from "../../define.ts";
import { readAllData } from "../index-bloat.ts";
import { pgMonitor } from "../sight.ts";
import { withPlanSettings } from "./ask.ts";
import { type PostgresPlanRow, postgresPlansRows } from "./rows.ts";
import { loopsOf, otherCosts, sampledPlansOf } from "./sampled.ts";
import { environmentStatement, foreignCodeSql, tableFactsSql, worstStatementsSql } from "./sql.ts";
import * as stages from "./stages.ts";
import * as statements from "./statements.ts";

const pgStatStatements: Need = {
  kind: "extension",
  name: "pg_stat_statements",
  enable: "CREATE EXTENSION pg_stat_statements",
};

export const postgresPlans = defineProbe({
  ...postgresPlansRows,
  spec: ["P16"],
  title: "How are the worst statements planned, and would an index help?",
  engines: ["postgres"],
  tier: "performance",
  cost: "Texts of the 30 worst statements (the server reads its whole file of texts once), then plans of at most 5, each a second time where somebody runs it with the values in its text; nothing is executed.",
  needs: [pgMonitor, readAllData, pgStatStatements],
  maxRows: statements.maxStatements,
  source: "https://www.postgresql.org/docs/current/using-explain.html",
  statements: () => [environmentStatement],
  followRounds: 5,
  follow: (answers, context) => nextStage(answers, context.server.major),
  read: (answers, context): PostgresPlanRow[] => rowsOf(answers, context),
});

function nextStage(answers: statements.Answers, major: number) {
  const environment = statements.environmentOf(answers);
  if (answers.length === 1) {
    return [
      {
        sql: worstStatementsSql(environment.statements_schema, {
          limit: statements.maxStatements,
          knowsTopLevel: environment.knows_top_level ?? true,
          major,
        }),
      },
    ];
  }
  if (answers.length === 2) {
    const words = statements.wordsIn(statements.worstOf(answers));
    return words.length === 0 ? [] : [{ sql: foreignCodeSql, params: [JSON.stringify(words)] }];
  }
  const explained = stages.questionsOf(answers, major);
  if (explained.length === 0) return [];
  if (answers.length === 3) return stages.askPlans(explained);
  if (answers.length === stages.factsAt(explained)) {
    const relations = stages.relationsIn(stages.plansOf(answers, explained));
    return relations.length === 0 ? [] : [{ sql: tableFactsSql, params: [JSON.stringify(relations)] }];
  }
  const hypotheses = stages.hypothesesOf(answers, explained, environment, major);
  if (hypotheses.length === 0) return [];
  return withPlanSettings(hypotheses.flatMap(({ question }) => question.statements));
}

function rowsOf(answers: statements.Answers, context: ProbeContext): PostgresPlanRow[] {
  const { major } = context.server;
  const environment = statements.environmentOf(answers);
  const explained = stages.questionsOf(answers, major);
  const plans = stages.plansOf(answers, explained);
  const sampledPlans = sampledPlansOf(answers, explained);
  const facts = stages.factsByName(answers, explained);
  const tableRows = stages.tableRowsOf(facts);
  const readings = stages.readPlans(answers, explained, environment);
  const hypotheses = stages.hypothesesOf(answers, explained, environment, major);
  const costs = stages.hypotheticalCosts(answers, explained, hypotheses);
  const place = new Map(explained.map(({ statement }, index) => [keyOf(statement), index]));
  return statements.judged(answers).map((statement) => {
    const at = place.get(keyOf(statement));
    const plan = at === undefined ? undefined : plans[at];
    const head = headOf(statement, context);
    if (at === undefined || plan?.kind !== "plan")
      return { ...head, ...notExplained(statement, plan, environment) };
    const reading = readings[at];
    // Of a call that has not ended it is not known how many rows it gives.
    const query = statement.query ?? "";
    const asks = statement.running === null && /^\s*select\b/i.test(query);
    const estimate = asks ? rowEstimateProblem(plan.plan, head.meanRows, { query, tableRows }) : null;
    const both = { plan: plan.plan, sampled: sampledPlans[at] };
    const loops = asks ? loopsOf(statement, both, tableRows) : [];
    return {
      ...head,
      status: "explained" as const,
      reason: null,
      totalCost: plan.plan.totalCost,
      ...otherCosts(both, facts),
      estimatedRows: plan.plan.rows,
      spends: costliestStep(plan.plan),
      problems: [...(reading?.problems ?? []), ...(estimate ? [estimate] : []), ...loops],
      suggestions: (reading?.suggestions ?? []).map((suggestion) => {
        const tried = hypotheses.findIndex(
          ({ statementAt, createIndex }) => statementAt === at && createIndex === suggestion.createIndex,
        );
        return { ...suggestion, columns: [...suggestion.columns], costWithIndex: costs[tried] ?? null };
      }),
    };
  });
}

/** A statement may be there twice, from the top level and from within a function. */
function keyOf({ query_id, user_name, total_seconds }: statements.Worst): string {
  return `${query_id} ${total_seconds} ${user_name}`;
}

function headOf(statement: statements.Worst, { settings }: ProbeContext) {
  const { query_id, user_name, query, calls, total_seconds, rows, running } = statement;
  const { queryText } = settings.probing;
  const shown = { dialect: "postgres", queryText, optOutComment: settings.policy.optOutComment } as const;
  return {
    queryId: query_id,
    user: user_name,
    query: shownQuery(query ?? "", shown),
    calls,
    totalSeconds: total_seconds,
    meanSeconds: total_seconds / calls,
    meanRows: rows / calls,
    ...(running === null ? {} : { running }),
  };
}

function notExplained(
  statement: statements.Worst,
  plan: stages.PlanAnswer | undefined,
  { reads_all }: statements.Environment,
) {
  const reason =
    plan?.kind === "none"
      ? `${plan.reason}${reads_all ? "" : "; pg_read_all_data is not granted"}`
      : statement.explainable.kind === "no"
        ? statement.explainable.reason
        : "worse statements came first";
  return {
    status: "not-explained" as const,
    reason,
    totalCost: null,
    estimatedRows: null,
    problems: [],
    suggestions: [],
  };
}
