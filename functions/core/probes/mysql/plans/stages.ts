import * as z from "zod";
import { parseMysqlExplain } from "../../../plans/mysql-explain-json.ts";
import { explainableMysql, type MysqlExplainable } from "../../../plans/mysql-explainable.ts";
import { type MysqlPlanReading, readMysqlPlan } from "../../../plans/mysql-read-plan.ts";
import type { MysqlTableFacts } from "../../../plans/mysql-suggest-index.ts";
import type { SqlRow } from "../../../ports.ts";
import { mysqlName } from "../../../text/sql-names.ts";
import type { FollowStatement, ProbeContext } from "../../define.ts";
import { versionIsAtLeast } from "../sight.ts";
import { contestedBy, contestedStatements } from "./contested.ts";

export type Answers = readonly (readonly SqlRow[])[];

/** A statement by its statistics, with a sample of its text. */
export interface WorstStatement {
  readonly digest: string;
  readonly schema: string | null;
  /** Without values; null when not kept. */
  readonly digestText: string | null;
  readonly sample: string | null;
  readonly calls: number;
  readonly totalSeconds: number;
  readonly rowsExamined: number;
  readonly rowsUsed: number;
}

type Explainable = Extract<MysqlExplainable, { readonly kind: "yes" }>;
interface Asked {
  readonly worst: WorstStatement;
  readonly explainable: Explainable;
  readonly tables: readonly { readonly alias: string; readonly schema: string; readonly table: string }[];
}
export type Verdict =
  | { readonly kind: "ask"; readonly asked: Asked }
  | { readonly kind: "no"; readonly reason: string };

const maxPlans = 5;
const maxTables = 12;
const factStatements = 3;
const askStatements = 2;

export function verdictOn(worst: WorstStatement): Verdict {
  if (worst.sample === null) return { kind: "no", reason: "the server keeps no sample of it" };
  const explainable = explainableMysql(worst.sample);
  if (explainable.kind === "no") return explainable;
  const { schema } = worst;
  const tables = explainable.tables.flatMap((one) => {
    const of = one.schema ?? schema;
    return of === null ? [] : [{ alias: one.alias, schema: of, table: one.table }];
  });
  return { kind: "ask", asked: { worst, explainable, tables } };
}

/** The worst that can be explained, as many as are explained. */
export function chosen(worst: readonly WorstStatement[]): readonly Asked[] {
  return worst
    .map(verdictOn)
    .flatMap((verdict) => (verdict.kind === "ask" ? [verdict.asked] : []))
    .slice(0, maxPlans);
}

function tablesOf(asked: readonly Asked[]) {
  const all = asked.flatMap(({ tables }) => tables);
  return [...new Map(all.map((one) => [keyOf(one), one])).values()].slice(0, maxTables);
}

function keyOf({ schema, table }: { readonly schema: string; readonly table: string }): string {
  return mysqlName(schema, table);
}

/** One table at a time: MariaDB looks a table up by name only where both names are constants. */
export function askFacts(asked: readonly Asked[]): readonly FollowStatement[] {
  const tables = tablesOf(asked).flatMap(({ schema, table }) => {
    const params = [schema, table];
    const where = "WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?";
    return [
      `SELECT TABLE_TYPE AS kind FROM information_schema.TABLES ${where}`,
      `SELECT COLUMN_NAME AS name, LOWER(DATA_TYPE) AS type FROM information_schema.COLUMNS ${where}`,
      `SELECT INDEX_NAME AS index_name, COLUMN_NAME AS column_name FROM information_schema.STATISTICS ${where}
        AND INDEX_TYPE = 'BTREE' AND SUB_PART IS NULL ORDER BY INDEX_NAME, SEQ_IN_INDEX`,
    ].map((sql) => ({ sql, params, mayFail: true as const }));
  });
  return [...contestedStatements, ...tables];
}

const kindSchema = z.array(z.object({ kind: z.string() }));
const columnsSchema = z.array(z.object({ name: z.string(), type: z.string() }));
const indexSchema = z.array(z.object({ index_name: z.string(), column_name: z.string().nullable() }));

interface Known {
  readonly view: boolean;
  /** Somebody queues for it. */
  readonly contested: boolean;
  readonly facts: MysqlTableFacts;
}

function knownTables(asked: readonly Asked[], answers: Answers): ReadonlyMap<string, Known> {
  const isContested = contestedBy(answers);
  return new Map(
    tablesOf(asked).map((one, at) => {
      const from = contestedStatements.length + at * factStatements;
      const [kind, columns, indexes] = answers.slice(from, from + factStatements);
      const rows = indexSchema.safeParse(indexes).data ?? [];
      const byIndex = Map.groupBy(rows, ({ index_name }) => index_name);
      const facts = {
        schema: one.schema,
        table: one.table,
        columns: columnsSchema.safeParse(columns).data ?? [],
        indexes: [...byIndex.values()].map((parts) => parts.map(({ column_name }) => column_name ?? "")),
      };
      const view = kindSchema.safeParse(kind).data?.[0]?.kind === "VIEW";
      return [keyOf(one), { view, contested: isContested(one), facts }] as const;
    }),
  );
}

/** Why a statement is not to be explained; null when it may be. A view may call a function, and MariaDB would run it. */
function leftAlone({ tables }: Asked, known: ReadonlyMap<string, Known>): string | null {
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
  const known = knownTables(asked, facts);
  const versioned = server.engine === "mysql" && versionIsAtLeast(server, [8, 3]);
  const first = versioned ? "SET SESSION explain_json_format_version = 1" : "DO 0";
  const plans = asked.flatMap((one) => {
    const { schema } = one.worst;
    const explain = leftAlone(one, known) === null ? `EXPLAIN FORMAT=JSON ${one.explainable.sql}` : "DO 0";
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

/** @param facts answers to askFacts. @param plans answers to askPlans. */
export function outcomesOf(
  asked: readonly Asked[],
  facts: Answers,
  plans: Answers,
  { server }: ProbeContext,
): readonly Outcome[] {
  const functional = server.engine === "mysql" && versionIsAtLeast(server, [8, 0, 13]);
  const known = knownTables(asked, facts);
  return asked.map((one, at): Outcome => {
    const why = leftAlone(one, known);
    if (why !== null) return { kind: "none", reason: why };
    const [use, explain = []] = plans.slice(1 + at * askStatements);
    // Explained in another schema it would be the plan of another table.
    const failed = failureOf(use) ?? failureOf(explain);
    if (failed !== null) return { kind: "none", reason: failed };
    const plan = parseMysqlExplain(explain);
    if (plan === null) return { kind: "none", reason: "EXPLAIN gave no plan that can be read" };
    const byAlias = one.tables.flatMap((table) => {
      const found = known.get(keyOf(table));
      return found ? [[table.alias.toLowerCase(), found.facts] as const] : [];
    });
    const { rowsExamined, rowsUsed, calls } = one.worst;
    const { order, limited, folded } = one.explainable;
    const usefulShare = rowsExamined > 0 ? rowsUsed / rowsExamined : null;
    const reading = readMysqlPlan(plan, {
      facts: new Map(byAlias),
      order,
      limited,
      folded,
      functional,
      usefulShare,
      examinedPerCall: rowsExamined / Math.max(1, calls),
    });
    return { kind: "plan", cost: plan.cost, reading };
  });
}
