import * as z from "zod";
import { type MysqlPlan, parseMysqlExplain } from "../../../plans/mysql-explain-json.ts";
import { withSingleValues } from "../../../plans/mysql-made-up-values.ts";
import { type Doubt, doubtKey } from "../../../plans/mysql-plan-suggestion.ts";
import { type MysqlPlanReading, readMysqlPlan } from "../../../plans/mysql-read-plan.ts";
import type { SqlRow } from "../../../ports.ts";
import { mysqlName } from "../../../text/sql-names.ts";
import type { FollowStatement, ProbeContext } from "../../define.ts";
import { versionIsAtLeast } from "../sight.ts";
import { explainableOf, settled } from "./explainable-of.ts";
import { type Asked, type Known, keyOf, knownTables } from "./known-tables.ts";
import { askShare, sharesOf } from "./shares.ts";
import type { Answers, WorstStatement } from "./worst-statement.ts";

export type Verdict =
  | { readonly kind: "ask"; readonly asked: Asked }
  | { readonly kind: "no"; readonly reason: string };

const maxPlans = 5;
const askStatements = 2;

export function verdictOn(worst: WorstStatement): Verdict {
  const explainable = explainableOf(worst);
  if (explainable.kind === "no") return explainable;
  const { schema } = worst;
  const tables = explainable.tables.flatMap((one) => {
    const of = one.schema ?? schema;
    return of === null ? [] : [{ alias: one.alias, schema: of, table: one.table }];
  });
  return { kind: "ask", asked: { worst, explainable, tables } };
}

/** The worst that can be explained, as many as are explained, and the few inside stored programs. */
export function chosen(worst: readonly WorstStatement[]): readonly Asked[] {
  const asked = worst.map(verdictOn).flatMap((verdict) => (verdict.kind === "ask" ? [verdict.asked] : []));
  const sent = asked.filter(({ worst: { inside } }) => inside === undefined).slice(0, maxPlans);
  return [...asked.filter(({ worst: { inside } }) => inside !== undefined), ...sent];
}

/** Why a statement is not to be explained; null when it may be. A view may call a function, and MariaDB would run it. */
function leftAlone({ tables, worst }: Asked, known: ReadonlyMap<string, Known>): string | null {
  const unseen = tables.find((table) => (known.get(keyOf(table))?.facts.columns.length ?? 0) === 0);
  if (worst.inside && unseen)
    return `the columns of ${unseen.table} could not be seen, so that its names could be its program's`;
  const queued = tables.find((table) => known.get(keyOf(table))?.contested);
  if (queued) return `somebody queues for ${queued.table}, and a plan of it would queue as well`;
  const view = tables.find((table) => known.get(keyOf(table))?.view);
  return view ? `${view.table} is a view, which could call functions of the application` : null;
}

/** Version 1 of MySQL's format is the one that tells most; the default changed to 2. */
export function askPlans(
  asked: readonly Asked[],
  facts: Answers,
  { server, target }: ProbeContext,
): readonly FollowStatement[] {
  const known = knownTables(asked, facts, server);
  const versioned = server.engine === "mysql" && versionIsAtLeast(server, [8, 3]);
  const first = versioned ? "SET SESSION explain_json_format_version = 1" : "DO 0";
  const plans = asked.flatMap((one) => {
    const { schema } = one.worst;
    const { sql } = settled(one, known).explainable;
    const explain = leftAlone(one, known) === null ? `EXPLAIN FORMAT=JSON ${sql}` : "DO 0";
    return [schema === null ? "DO 0" : `USE ${mysqlName(schema)}`, explain];
  });
  const back = target.database === null ? "DO 0" : `USE ${mysqlName(target.database)}`;
  return [first, ...plans, back].map((sql) => ({ sql, mayFail: true as const }));
}

export type Outcome =
  | { readonly kind: "plan"; readonly cost: number | null; readonly reading: MysqlPlanReading }
  | { readonly kind: "none"; readonly reason: string };

const failedSchema = z.object({ failed: z.string() });
const failureOf = (rows: readonly SqlRow[] | undefined): string | null =>
  failedSchema.safeParse(rows?.[0]).data?.failed ?? null;

/** How many statements askPlans sends. */
export const planAnswers = (asked: readonly Asked[]): number => 2 + asked.length * askStatements;

/** Nothing more where no plan leaves it open whether an index selects. @param plans answers to askPlans. */
export function askShares(
  asked: readonly Asked[],
  facts: Answers,
  plans: Answers,
  context: ProbeContext,
): readonly FollowStatement[] {
  const known = knownTables(asked, facts, context.server);
  return doubtsOf(outcomesOf(asked, facts, plans, context)).map((doubt) =>
    askShare(doubt, known.get(keyOf(doubt))),
  );
}

function doubtsOf(outcomes: readonly Outcome[]): readonly Doubt[] {
  const all = outcomes.flatMap((outcome) => (outcome.kind === "plan" ? outcome.reading.doubts : []));
  return [...new Map(all.map((doubt) => [doubtKey(doubt), doubt])).values()];
}

/** @param facts answers to askFacts. @param plans answers to askPlans, and after them to askShares. */
export function outcomesOf(
  asked: readonly Asked[],
  facts: Answers,
  answers: Answers,
  context: ProbeContext,
): readonly Outcome[] {
  const plans = answers.slice(0, planAnswers(asked));
  const open = readingsOf(asked, facts, plans, context, new Map());
  const doubts = doubtsOf(open);
  if (doubts.length === 0 || answers.length === plans.length) return open;
  return readingsOf(asked, facts, plans, context, sharesOf(doubts, answers.slice(plans.length)));
}

function readingsOf(
  asked: readonly Asked[],
  facts: Answers,
  plans: Answers,
  { server }: ProbeContext,
  shares: ReadonlyMap<string, number | null>,
): readonly Outcome[] {
  const functional = server.engine === "mysql" && versionIsAtLeast(server, [8, 0, 13]);
  const known = knownTables(asked, facts, server);
  return asked.map((each, at): Outcome => {
    const one = settled(each, known);
    const why = leftAlone(one, known);
    if (why !== null) return { kind: "none", reason: why };
    const [use, explain = []] = plans.slice(1 + at * askStatements);
    // Explained in another schema it would be the plan of another table.
    const failed = failureOf(use) ?? failureOf(explain);
    if (failed !== null) return { kind: "none", reason: failed };
    const plan = planOf(explain, one);
    if (typeof plan === "string") return { kind: "none", reason: plan };
    const byAlias = one.tables.flatMap((table) => {
      const found = known.get(keyOf(table));
      return found ? [[table.alias.toLowerCase(), found.facts] as const] : [];
    });
    const { rowsExamined, rowsUsed, calls } = one.worst;
    const { order, limited, folded, descending = false } = one.explainable;
    const usefulShare = rowsExamined > 0 ? rowsUsed / rowsExamined : null;
    const reading = readMysqlPlan(plan, {
      facts: new Map(byAlias),
      order,
      descending,
      limited,
      folded,
      functional,
      usefulShare,
      examinedPerCall: rowsExamined / Math.max(1, calls),
      shares,
    });
    return {
      kind: "plan",
      cost: plan.cost,
      reading: one.explainable.assumedValues ? assumed(reading) : reading,
    };
  });
}

/** Or why there is none. */
function planOf(explain: readonly SqlRow[], { explainable }: Asked): MysqlPlan | string {
  const plan = parseMysqlExplain(explain);
  if (plan === null) return "EXPLAIN gave no plan that can be read";
  if (!explainable.paired) return plan;
  if (plan.impossible) return "the server keeps no values of it, and no row has those that are made up";
  return withSingleValues(plan);
}

/** With other values the planner may choose otherwise: whoever is to build an index by it has to know. */
function assumed(reading: MysqlPlanReading): MysqlPlanReading {
  const doubt = "planned with values that are made up, since the server keeps none of this statement";
  const suggestions = reading.suggestions.map((one) => ({ ...one, why: `${one.why}; ${doubt}` }));
  return { ...reading, suggestions };
}
