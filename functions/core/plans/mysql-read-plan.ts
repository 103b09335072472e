import { mysqlConditions } from "./mysql-conditions.ts";
import type { MysqlPlan, MysqlTableAccess } from "./mysql-explain-json.ts";
import { filteredByJoin } from "./mysql-filtered-by-join.ts";
import { mysqlFunctionKeys } from "./mysql-function-keys.ts";
import { misjudgedTable } from "./mysql-misjudged-table.ts";
import { type MysqlTableFacts, suggestFunctionIndex, suggestMysqlIndex } from "./mysql-suggest-index.ts";
import { conditionsBesideKey, veryFew } from "./mysql-wide-key.ts";
import { largeTableRows } from "./read-plan.ts";
import type { IndexSuggestion } from "./suggest-index.ts";

export interface MysqlPlanProblem {
  readonly kind:
    | "full-scan"
    | "wide-key"
    | "join-without-index"
    | "filesort"
    | "temporary-table"
    | "row-estimate";
  /** schema.table, where one is to blame. */
  readonly table: string | null;
  /** One sentence with the numbers. */
  readonly detail: string;
}

export interface MysqlPlanContext {
  /** By the alias that the plan uses. */
  readonly facts: ReadonlyMap<string, MysqlTableFacts>;
  readonly order: readonly string[];
  readonly limited: boolean;
  /** It gives fewer rows than it finds. */
  readonly folded: boolean;
  /** The server has indexes on expressions. */
  readonly functional: boolean;
  /** Rows that the statement gave or changed for each that it looked at, by its statistics; null: not known. */
  readonly usefulShare: number | null;
  /** Rows that a call looks at, by its statistics; absent: not known. */
  readonly examinedPerCall?: number;
}

export interface MysqlPlanReading {
  readonly problems: readonly MysqlPlanProblem[];
  readonly suggestions: readonly IndexSuggestion[];
  readonly spends: string | null;
}

/** A statement that needs this share of the rows it reads is not helped by an index. */
const mostRows = 0.2;
/** Rows that are joined or sorted without much ado. */
const fewRows = 1000;

/** Pure. What is slow by design in a plan, and which indexes could be tried. */
export function readMysqlPlan(planned: MysqlPlan, context: MysqlPlanContext): MysqlPlanReading {
  const plan = { ...planned, tables: planned.tables.map((access) => asWalked(access, planned, context)) };
  const read = plan.tables.reduce((most, { rows }) => Math.max(most, rows), 0);
  const scans = plan.tables.flatMap((access) =>
    isLargeScan(access) ? [scanOf(access, plan, context)] : (wideKeyOf(access, plan, context) ?? []),
  );
  const problems: MysqlPlanProblem[] = scans.map(({ problem }) => problem);
  const rows = Math.round(read);
  if (plan.filesort && read >= fewRows) {
    problems.push({ kind: "filesort", table: null, detail: `sorts what it finds in up to ${rows} rows` });
  }
  if (plan.temporaryTable && read >= fewRows) {
    problems.push({
      kind: "temporary-table",
      table: null,
      detail: `puts what it finds in up to ${rows} rows into a temporary table`,
    });
  }
  const misjudged = misjudgedTable(plan, context);
  if (misjudged !== null) problems.push({ kind: "row-estimate", ...misjudged });
  const suggestions = scans.flatMap(({ suggestion }) => suggestion ?? []);
  return {
    problems,
    spends: spendingOf(plan),
    suggestions: [...new Map(suggestions.map((each) => [each.createIndex, each])).values()],
  };
}

/**
 * An index that gives the order is walked until the LIMIT is full. The plan promises that soon; how far it went is counted.
 * https://dev.mysql.com/doc/refman/8.4/en/limit-optimization.html
 */
function asWalked(
  access: MysqlTableAccess,
  { tables, filesort }: MysqlPlan,
  { limited, folded, examinedPerCall = 0 }: MysqlPlanContext,
): MysqlTableAccess {
  const ordered = access.access === "index" && limited && !folded && !filesort && tables.length === 1;
  return ordered && examinedPerCall > access.rows ? { ...access, rows: examinedPerCall } : access;
}

/** What is done for each of many rows; null when nothing is. */
function spendingOf({ tables, dependent }: MysqlPlan): string | null {
  if (dependent) return "a subquery is run again for each row of the statement around it";
  const inner = tables.findIndex(({ access }, at) => at > 0 && (access === "ALL" || access === "index"));
  const [outer, again] = [tables[inner - 1], tables[inner]];
  if (!outer || !again || outer.rows * again.rows < largeTableRows) return null;
  return `each of about ${Math.round(outer.rows)} rows of ${outer.table} meets about ${Math.round(again.rows)} of ${again.table}, found by no index`;
}

/** "index" reads a whole index, which for the primary key is the table. */
function isLargeScan({ access, rows, joinBuffer }: MysqlTableAccess): boolean {
  if (access !== "ALL" && access !== "index") return false;
  return rows >= (joinBuffer ? fewRows : largeTableRows);
}

interface Scan {
  readonly problem: MysqlPlanProblem;
  readonly suggestion: IndexSuggestion | null;
}

function scanOf(access: MysqlTableAccess, plan: MysqlPlan, context: MysqlPlanContext): Scan {
  const facts = context.facts.get(access.table.toLowerCase());
  const name = facts ? `${facts.schema}.${facts.table}` : access.table;
  const keys =
    access.possibleKeys.length === 0 ? "no key is possible" : `not by ${access.possibleKeys.join(", ")}`;
  const unlike = facts ? comparedUnlike(access, facts, context) : "";
  const how = access.joinBuffer ? "for each buffer of joined rows" : "whole";
  const detail = `reads ${name} ${how}, about ${Math.round(access.rows)} rows: ${keys}${unlike}`;
  const kind = access.joinBuffer ? ("join-without-index" as const) : ("full-scan" as const);
  return {
    problem: { kind, table: name, detail },
    suggestion: facts ? suggestionFor(access, facts, plan, context) : null,
  };
}

/** Not read whole, and yet next to all of what its key leaves is thrown away. */
function wideKeyOf(access: MysqlTableAccess, plan: MysqlPlan, context: MysqlPlanContext): Scan | null {
  const facts = context.facts.get(access.table.toLowerCase());
  const conditions = conditionsBesideKey(access, plan, context);
  if (facts === undefined || conditions === null || access.key === null) return null;
  const rows = `about ${Math.round(context.examinedPerCall ?? 0)} rows`;
  const by = `index ${access.key} (${(access.keyParts ?? []).join(", ")})`;
  const [{ column } = { column: "" }] = conditions;
  const table = `${facts.schema}.${facts.table}`;
  const detail = `${by} of ${table} leaves ${rows} a call, and ${column} is tested on each of them`;
  const suggestion = suggestMysqlIndex(conditions, [], facts, detail);
  return {
    problem: { kind: "wide-key", table, detail },
    suggestion: suggestion && { ...suggestion, narrows: access.key },
  };
}

/** https://dev.mysql.com/doc/refman/8.4/en/type-conversion.html */
function comparedUnlike(
  { access, table, conditions, joinBuffer }: MysqlTableAccess,
  { indexes, hidden = [] }: MysqlTableFacts,
  { usefulShare, limited, folded }: MysqlPlanContext,
): string {
  const unknown = usefulShare === null || usefulShare > veryFew || limited || folded || joinBuffer;
  if (access !== "ALL" || unknown) return "";
  const [one, more] = conditions
    .flatMap(mysqlConditions)
    .filter((each) => each.table.toLowerCase() === table.toLowerCase());
  if (one?.kind !== "equality" || more !== undefined) return "";
  const unseen = hidden.find(({ columns: [first] }) => first?.toLowerCase() === one.column.toLowerCase());
  if (unseen) return `; index ${unseen.index} begins with ${one.column} and is ${unseen.because}`;
  return indexes.some(([first]) => first?.toLowerCase() === one.column.toLowerCase())
    ? `; an index begins with ${one.column}: most likely it is compared with another type or collation, a number with text`
    : "";
}

/** Its own; where it has none and its rows are thrown away at another table, those by which they meet. */
function servedConditions(
  access: MysqlTableAccess,
  plan: MysqlPlan,
  { folded, limited, usefulShare }: Pick<MysqlPlanContext, "folded" | "limited" | "usefulShare">,
) {
  const own = access.conditions
    .flatMap(mysqlConditions)
    .filter(({ table }) => table.toLowerCase() === access.table.toLowerCase());
  const thrownAway = own.length === 0 && !folded && !limited && (usefulShare ?? 1) <= veryFew;
  return thrownAway ? filteredByJoin(access, plan) : own;
}

function suggestionFor(
  access: MysqlTableAccess,
  facts: MysqlTableFacts,
  plan: MysqlPlan,
  { order, limited, folded, functional, usefulShare }: MysqlPlanContext,
): IndexSuggestion | null {
  const conditions = servedConditions(access, plan, { folded, limited, usefulShare });
  const alone = plan.tables.length === 1;
  // Without a LIMIT the whole table is wanted in some order: reading it by an index is slower than sorting it.
  // Of an order that is searched by a pattern it is not known how far it has to be read.
  const patterned = access.conditions.some((text) => /\blike ['"]%|\bregexp\b|regexp_like/i.test(text));
  const sorted = alone && !patterned && (conditions.length > 0 || limited) ? order : [];
  const keys = functional ? access.conditions.flatMap((text) => mysqlFunctionKeys(text, access.table)) : [];
  if (conditions.length + sorted.length + keys.length === 0) return null;
  if (usefulShare !== null && usefulShare > mostRows && !access.joinBuffer) return null;
  // What it gives then says nothing of how many rows its conditions leave, and a range may leave most of them.
  const unknown = folded || (limited && plan.filesort);
  const why = `about ${Math.round(access.rows)} rows are read each time`;
  if (keys.length > 0 && conditions.length === 0)
    return unknown ? null : suggestFunctionIndex(keys, facts, why);
  if (unknown && sorted.length === 0 && conditions.every(({ kind }) => kind === "range")) return null;
  return suggestMysqlIndex(conditions, sorted, facts, why);
}
