import * as z from "zod";
import { everyNode, type PlanNode, parseExplain } from "../../../plans/explain-json.ts";
import { type PlanReading, readPlan, relationKey, type TableRows } from "../../../plans/read-plan.ts";
import { type IndexSuggestion, suggestIndex } from "../../../plans/suggest-index.ts";
import type { SqlRow } from "../../../ports.ts";
import {
  type Asked,
  hypotheticalQuestion,
  type PlanQuestion,
  planQuestion,
  withPlanSettings,
} from "./ask.ts";
import { callOf, countedOf, factsSchema } from "./counted.ts";
import { type Answers, type Environment, judged, type Worst } from "./statements.ts";

/** Statements whose plans are asked for. */
const maxPlans = 5;

export interface Explained {
  readonly statement: Worst;
  readonly asked: Asked;
  readonly question: PlanQuestion;
  /** The same with the values with which it runs just now. */
  readonly sampled: PlanQuestion | null;
}

export function questionsOf(answers: Answers, major: number): readonly Explained[] {
  return judged(answers)
    .flatMap((statement) => {
      if (statement.explainable.kind === "no") return [];
      const { sql, parameters } = statement.explainable;
      const asked = { sql, parameters, searchPath: statement.search_path };
      const values = statement.sampled;
      const sampled = values && parameters > 0 ? planQuestion({ ...asked, ...values }, major) : null;
      return [{ statement, asked, question: planQuestion(asked, major), sampled }];
    })
    .slice(0, maxPlans);
}

/** Before the plans: environment, statements, foreign code; and the setting that withPlanSettings puts first. */
const before = 3;
export const askPlans = (explained: readonly Explained[]) =>
  withPlanSettings(questionsIn(explained).flatMap(({ statements }) => statements));

function questionsIn(explained: readonly Explained[]): readonly PlanQuestion[] {
  return [
    ...explained.map(({ question }) => question),
    ...explained.flatMap(({ sampled }) => (sampled === null ? [] : [sampled])),
  ];
}

const failedSchema = z.array(z.object({ failed: z.string() })).min(1);

/** The rows that answered each question's EXPLAIN, `from` being the answer that withPlanSettings' first statement got. */
function plansFrom(
  answers: Answers,
  from: number,
  questions: readonly PlanQuestion[],
): readonly (readonly SqlRow[])[] {
  let at = from + 1;
  return questions.map(({ statements, planAt }) => {
    const own = answers.slice(at, at + planAt + 1);
    at += statements.length;
    // What failed first is why the rest did.
    return own.find((rows) => failedSchema.safeParse(rows).success) ?? own[planAt] ?? [];
  });
}

export type PlanAnswer =
  | { readonly kind: "plan"; readonly plan: PlanNode }
  | { readonly kind: "none"; readonly reason: string };

function planAnswer(rows: readonly SqlRow[]): PlanAnswer {
  const plan = parseExplain(rows);
  if (plan) return { kind: "plan", plan };
  const failed = failedSchema.safeParse(rows);
  return { kind: "none", reason: failed.data?.[0]?.failed ?? "EXPLAIN gave no plan" };
}

export function plansOf(answers: Answers, explained: readonly Explained[]): readonly PlanAnswer[] {
  return allPlansOf(answers, explained).slice(0, explained.length);
}

/** Of everything that was asked for, the statements as they run just now last. */
export function allPlansOf(answers: Answers, explained: readonly Explained[]): readonly PlanAnswer[] {
  return plansFrom(answers, before, questionsIn(explained)).map(planAnswer);
}

export function relationsIn(plans: readonly PlanAnswer[]): readonly string[] {
  const names = plans.flatMap((answer) =>
    answer.kind === "none"
      ? []
      : [...everyNode(answer.plan)].flatMap(({ schema, relation }) =>
          relation === null ? [] : [relationKey(schema, relation)],
        ),
  );
  return [...new Set(names)];
}

/** Where the answer about the tables lies. */
export const factsAt = (explained: readonly Explained[]): number => before + askPlans(explained).length;

export function factsByName(
  answers: Answers,
  explained: readonly Explained[],
): ReadonlyMap<string, z.infer<typeof factsSchema>> {
  const facts = z.array(factsSchema).parse(answers[factsAt(explained)] ?? []);
  return new Map(facts.map((one) => [relationKey(one.schema, one.relation), one]));
}

export function tableRowsOf(facts: ReturnType<typeof factsByName>): TableRows {
  return new Map([...facts].map(([name, { rows }]) => [name, rows]));
}

export function readPlans(
  answers: Answers,
  explained: readonly Explained[],
  environment: Environment,
): readonly (PlanReading & { suggestions: readonly IndexSuggestion[] })[] {
  const byName = factsByName(answers, explained);
  const limits = {
    workMemBytes: environment.work_mem,
    hashMemBytes: environment.work_mem * environment.hash_mem_multiplier,
    tableRows: tableRowsOf(byName),
    counted: countedOf([...byName.values()]),
  };
  return plansOf(answers, explained).map((answer, at) => {
    if (answer.kind === "none") return { problems: [], candidates: [], suggestions: [] };
    const of = explained[at]?.statement;
    const reading = readPlan(answer.plan, { ...limits, call: of ? callOf(of) : null });
    const suggestions = reading.candidates.flatMap((candidate) => {
      const key = relationKey(candidate.schema, candidate.relation);
      const known = byName.get(key);
      const suggestion =
        known && suggestIndex(candidate, { ...known, trigramSchema: environment.trgm_schema });
      return suggestion && !givesMany(explained[at], limits.tableRows.get(key) ?? 0, suggestion)
        ? [suggestion]
        : [];
    });
    return { ...reading, suggestions: uniqueBy(suggestions, ({ createIndex }) => createIndex) };
  });
}

/** HypoPG tells nothing of GIN: what hands out much of the table is read whole sooner, whatever a made-up value promises. */
const mostRows = 0.1;

function givesMany(of: Explained | undefined, rows: number, { createIndex }: IndexSuggestion): boolean {
  if (of === undefined || of.statement.running !== null || !createIndex.includes(" USING gin ")) return false;
  return of.statement.rows / Math.max(1, of.statement.calls) > mostRows * rows;
}

export interface Hypothesis {
  readonly statementAt: number;
  readonly createIndex: string;
  readonly question: PlanQuestion;
}

export function hypothesesOf(
  answers: Answers,
  explained: readonly Explained[],
  environment: Environment,
  major: number,
): readonly Hypothesis[] {
  const { hypopg_schema } = environment;
  if (hypopg_schema === null) return [];
  return readPlans(answers, explained, environment).flatMap(({ suggestions }, statementAt) => {
    const asked = explained[statementAt]?.asked;
    if (!asked) return [];
    // HypoPG knows no GIN, and takes no REINDEX. https://hypopg.readthedocs.io/en/rel1_stable/usage.html
    // What the counters tell no plan for any value shows.
    const triable = suggestions.filter(
      ({ createIndex, unusable, counted }) =>
        !createIndex.includes(" USING gin ") && unusable === undefined && counted === undefined,
    );
    return triable.map(({ createIndex }) => ({
      statementAt,
      createIndex,
      question: hypotheticalQuestion(hypopg_schema, createIndex, asked, major),
    }));
  });
}

/** Cost of the plan with the index; null where it could not be had. */
export function hypotheticalCosts(
  answers: Answers,
  explained: readonly Explained[],
  hypotheses: readonly Hypothesis[],
): readonly (number | null)[] {
  const questions = hypotheses.map(({ question }) => question);
  return plansFrom(answers, factsAt(explained) + 1, questions).map(
    (rows) => parseExplain(rows)?.totalCost ?? null,
  );
}

function uniqueBy<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}
