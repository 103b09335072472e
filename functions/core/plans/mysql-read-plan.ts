import { mysqlConditions } from "./mysql-conditions.ts";
import type { MysqlPlan, MysqlTableAccess } from "./mysql-explain-json.ts";
import { type MysqlPlanProblem, type Scan, scanBehindKey } from "./mysql-key-scans.ts";
import { misjudgedTable } from "./mysql-misjudged-table.ts";
import { type Doubt, type MysqlPlanContext, none, suggestionFor } from "./mysql-plan-suggestion.ts";
import type { MysqlTableFacts } from "./mysql-suggest-index.ts";
import { isOneTest, veryFew } from "./mysql-wide-key.ts";
import { largeTableRows } from "./read-plan.ts";
import type { IndexSuggestion } from "./suggest-index.ts";

export interface MysqlPlanReading {
  /** Columns of which a sample would tell whether an index on them selects. */
  readonly doubts: readonly Doubt[];
  readonly problems: readonly MysqlPlanProblem[];
  readonly suggestions: readonly IndexSuggestion[];
  readonly spends: string | null;
}

/** Rows that are joined or sorted without much ado. */
const fewRows = 1000;

/** Pure. What is slow by design in a plan, and which indexes could be tried. */
export function readMysqlPlan(planned: MysqlPlan, context: MysqlPlanContext): MysqlPlanReading {
  const plan = { ...planned, tables: planned.tables.map((access) => asWalked(access, planned, context)) };
  const read = plan.tables.reduce((most, { rows }) => Math.max(most, rows), 0);
  const scans = plan.tables.flatMap((access) =>
    isLargeScan(access) ? [scanOf(access, plan, context)] : (scanBehindKey(access, plan, context) ?? []),
  );
  const problems: MysqlPlanProblem[] = scans.flatMap(({ problem }) => problem ?? []);
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
    doubts: scans.flatMap(({ doubt }) => doubt ?? []),
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
  if (again.builtInto === outer.table)
    return `${outer.table} is put together for each call, whatever is asked of it, out of about ${Math.round(again.rows)} rows of ${again.table}`;
  return `each of about ${Math.round(outer.rows)} rows of ${outer.table} meets about ${Math.round(again.rows)} of ${again.table}, found by no index`;
}

/** "index" reads a whole index, which for the primary key is the table. */
function isLargeScan({ access, rows, joinBuffer }: MysqlTableAccess): boolean {
  if (access !== "ALL" && access !== "index") return false;
  return rows >= (joinBuffer ? fewRows : largeTableRows);
}

function scanOf(access: MysqlTableAccess, plan: MysqlPlan, context: MysqlPlanContext): Scan {
  const facts = context.facts.get(access.table.toLowerCase());
  const name = facts ? `${facts.schema}.${facts.table}` : access.table;
  const keys =
    access.possibleKeys.length === 0 ? "no key is possible" : `not by ${access.possibleKeys.join(", ")}`;
  // Beside another test, or to join by, an index is passed by where most rows meet it.
  const alone = plan.tables.length === 1 && isOneTest(access);
  const unlike = facts && alone ? comparedUnlike(access, facts, context) : "";
  const how = access.joinBuffer ? "for each buffer of joined rows" : "whole";
  const { suggestion, doubt, because } = facts ? suggestionFor(access, facts, plan, context) : none;
  const detail = `reads ${name} ${how}, about ${Math.round(access.rows)} rows: ${keys}${unlike}${because}`;
  const kind = access.joinBuffer ? ("join-without-index" as const) : ("full-scan" as const);
  return { problem: { kind, table: name, detail }, suggestion, doubt };
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
