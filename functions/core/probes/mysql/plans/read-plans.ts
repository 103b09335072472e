import { shownQuery } from "../../../text/normalise-query.ts";
import { mysqlName } from "../../../text/sql-names.ts";
import type { FollowStatement, ProbeContext } from "../../define.ts";
import { withoutValues } from "../replication/errors.ts";
import { askFacts } from "./known-tables.ts";
import type { MysqlPlanRow } from "./rows.ts";
import * as stages from "./stages.ts";
import type { Answers, WorstStatement } from "./worst-statement.ts";

export const maxStatements = 30;

/** @param answered how many answers there are before those about tables and plans. */
export function nextPlanStage(
  worst: readonly WorstStatement[],
  answers: Answers,
  answered: number,
  context: ProbeContext,
): readonly FollowStatement[] {
  const asked = stages.chosen(worst);
  if (asked.length === 0) return [];
  const facts = askFacts(asked, context.server);
  if (answers.length === answered && facts.length > 0) return facts;
  const plansAt = answered + facts.length;
  const known = answers.slice(answered, plansAt);
  if (answers.length === plansAt) return stages.askPlans(asked, known, context);
  if (answers.length !== plansAt + stages.planAnswers(asked)) return [];
  return stages.askShares(asked, known, answers.slice(plansAt), context);
}

export function planRows(
  worst: readonly WorstStatement[],
  answers: Answers,
  answered: number,
  context: ProbeContext,
): MysqlPlanRow[] {
  const asked = stages.chosen(worst);
  const plansAt = answered + askFacts(asked, context.server).length;
  const outcomes = stages.outcomesOf(
    asked,
    answers.slice(answered, plansAt),
    answers.slice(plansAt),
    context,
  );
  const place = new Map(asked.map((one, at) => [one.worst, at]));
  return worst.slice(0, maxStatements).map((one) => {
    const at = place.get(one);
    const outcome = at === undefined ? undefined : outcomes[at];
    return { ...headOf(one, context), ...resultOf(one, outcome, context) };
  });
}

function headOf(worst: WorstStatement, { server, settings }: ProbeContext) {
  const { queryText } = settings.probing;
  const calls = Math.max(1, worst.calls);
  const text = queryText === "raw" ? (worst.sample ?? worst.digestText) : (worst.digestText ?? worst.sample);
  const dialect = server.engine === "mariadb" ? "mariadb" : "mysql";
  return {
    digest: worst.digest,
    ...(worst.inside ? { inside: worst.inside } : {}),
    schema: worst.schema,
    query: shownQuery(text ?? "", { dialect, queryText, optOutComment: settings.policy.optOutComment }),
    calls: worst.calls,
    totalSeconds: worst.totalSeconds,
    meanSeconds: worst.totalSeconds / calls,
    rowsExamined: worst.rowsExamined / calls,
    rowsUsed: worst.rowsUsed / calls,
  };
}

function resultOf(
  worst: WorstStatement,
  outcome: stages.Outcome | undefined,
  { settings }: ProbeContext,
): Pick<MysqlPlanRow, "status" | "reason" | "howToSee" | "cost" | "spends" | "problems" | "suggestions"> {
  if (outcome?.kind === "plan") {
    const { problems, suggestions, spends } = outcome.reading;
    return {
      status: "explained",
      reason: null,
      howToSee: null,
      cost: outcome.cost,
      spends,
      problems: [...problems],
      suggestions: suggestions.map((one) => ({ ...one, columns: [...one.columns] })),
    };
  }
  const verdict = stages.verdictOn(worst);
  const said = outcome?.reason ?? (verdict.kind === "no" ? verdict.reason : "worse statements came first");
  const reason = settings.probing.queryText === "raw" ? said : withoutValues(said);
  const none = { cost: null, problems: [], suggestions: [] };
  return { status: "not-explained", reason, howToSee: missingGrant(said, worst.schema), ...none };
}

/** MySQL and MariaDB name the table in their refusal, with or without its schema. */
function missingGrant(reason: string, schema: string | null): string | null {
  if (!/denied/i.test(reason)) return null;
  const named = /table `([^`]+)`\.`/.exec(reason)?.[1] ?? schema;
  return named === null ? null : `GRANT SELECT ON ${mysqlName(named)}.* TO {user}`;
}
