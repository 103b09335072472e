import { mysqlName } from "../text/sql-names.ts";
import { type MysqlCondition, mysqlConditions } from "./mysql-conditions.ts";
import { type LackingSide, sideWithoutIndex } from "./mysql-either-side.ts";
import type { MysqlPlan, MysqlTableAccess } from "./mysql-explain-json.ts";
import { filteredByJoin } from "./mysql-filtered-by-join.ts";
import { mysqlFunctionKeys } from "./mysql-function-keys.ts";
import { isInOrder, type Ordered } from "./mysql-in-order.ts";
import {
  columnsToSample,
  type MysqlTableFacts,
  suggestFunctionIndex,
  suggestMysqlIndex,
  takesPart,
  usableColumns,
} from "./mysql-suggest-index.ts";
import { isOneTest, isServed, leavesMost, veryFew } from "./mysql-wide-key.ts";
import type { IndexSuggestion } from "./suggest-index.ts";

/** A statement that needs this share of the rows it reads is not helped by an index. */
const mostRows = 0.2;
/** A value that more rows have than this is read sooner from the table, and MySQL may take the index all the same. */
const mostOfOneValue = 0.05;

export interface MysqlPlanContext {
  /** By the alias that the plan uses. */
  readonly facts: ReadonlyMap<string, MysqlTableFacts>;
  readonly order: readonly string[];
  readonly descending?: boolean;
  readonly limited: boolean;
  /** It gives fewer rows than it finds. */
  readonly folded: boolean;
  /** The server has indexes on expressions. */
  readonly functional: boolean;
  /** Rows that the statement gave or changed for each that it looked at, by its statistics; null: not known. */
  readonly usefulShare: number | null;
  /** Rows that a call looks at, by its statistics; absent: not known. */
  readonly examinedPerCall?: number;
  /** The largest share of a sample that has one value of the columns, by `doubtKey`; null: it could not be taken. */
  readonly shares?: ReadonlyMap<string, number | null>;
}

/** Columns compared for equality, of which nothing says how many rows a value leaves. */
export interface Doubt {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
}

function doubtOf({ schema, table }: MysqlTableFacts, columns: readonly string[]): Doubt {
  return { schema, table, columns };
}

export function doubtKey({ schema, table, columns }: Doubt): string {
  return `${mysqlName(schema, table)} (${columns.map((column) => mysqlName(column)).join(", ")})`;
}

interface Answer {
  readonly suggestion: IndexSuggestion | null;
  readonly doubt: Doubt | null;
  /** Why there is none, to go on a sentence; empty where it needs no saying. */
  readonly because: string;
}

export const none: Answer = { suggestion: null, doubt: null, because: "" };
type Known = Omit<MysqlPlanContext, "facts" | "examinedPerCall">;

/**
 * The index that a table read whole wants. Where the counters do not tell how many rows its conditions leave (a LIMIT
 * cut them off, or they were counted), only one that is proved to select: taken by MySQL for most of a table, an index
 * is several times slower than reading that whole.
 */
export function suggestionFor(
  access: MysqlTableAccess,
  facts: MysqlTableFacts,
  plan: MysqlPlan,
  known: Known,
): Answer {
  const conditions = servedConditions(access, plan, known);
  const side = conditions.length === 0 ? sideWithoutIndex(access, plan, facts) : null;
  return side === null
    ? forAll(conditions, access, facts, { plan, ...known })
    : forSide(side, `about ${Math.round(access.rows)} rows are read each time`, facts, known);
}

function forAll(
  conditions: readonly MysqlCondition[],
  access: MysqlTableAccess,
  facts: MysqlTableFacts,
  known: Known & { readonly plan: MysqlPlan },
): Answer {
  const { plan, order, limited, folded, functional, usefulShare, shares, descending = false } = known;
  const sorted = orderServed(access, plan, { order, wanted: limited || conditions.length > 0 });
  const keys = functional ? access.conditions.flatMap((text) => mysqlFunctionKeys(text, access.table)) : [];
  if (conditions.length + sorted.length + keys.length === 0) return none;
  if (usefulShare !== null && usefulShare > mostRows && !access.joinBuffer) return none;
  // What it gives then says nothing of how many rows its conditions leave, and a range may leave most of them.
  const unknown = folded || (limited && plan.filesort);
  const why = `about ${Math.round(access.rows)} rows are read each time`;
  if (keys.length > 0 && conditions.length === 0) {
    const suggestion = !unknown && isOneTest(access) ? suggestFunctionIndex(keys, facts, why) : null;
    return { ...none, suggestion };
  }
  const suggestion = suggestMysqlIndex(conditions, sorted, facts, why);
  if (suggestion === null) return none;
  const open = { access, conditions, facts, sorted: folded ? [] : sorted, shares, descending };
  return unknown ? whereUnknown(suggestion, open) : whereCounted(suggestion, open);
}

/**
 * Without a LIMIT the whole table is wanted in some order: reading it by an index is slower than sorting it. Of an order
 * that is searched by what no index tests (a pattern, OR, a function) it is not known how far it has to be read.
 */
function orderServed(
  { conditions }: MysqlTableAccess,
  { tables }: MysqlPlan,
  { order, wanted }: { readonly order: readonly string[]; readonly wanted: boolean },
): readonly string[] {
  return wanted && tables.length === 1 && conditions.every(leavesMost) ? order : [];
}

/**
 * The index that the one side of an OR lacks: with it, each side is found by its own. What is tested beside it may be what
 * throws the rows away.
 */
export function forSide(
  side: LackingSide,
  reads: string,
  facts: MysqlTableFacts,
  { limited, folded, usefulShare, shares }: Known,
): Answer {
  const columns = usableColumns(side.conditions, facts, "equality");
  const why = `${reads}, as of the OR only the side of ${columns.join(", ")} has no index`;
  const suggestion = suggestMysqlIndex(side.conditions, [], facts, why);
  const counted = side.alone && !limited && !folded && usefulShare !== null && usefulShare <= veryFew;
  if (suggestion === null || counted) return { ...none, suggestion };
  return asProved(suggestion, doubtOf(facts, columns), shares);
}

interface Open extends Ordered {
  readonly shares: Known["shares"] | undefined;
  readonly facts: MysqlTableFacts;
}

/** What no index tests may throw the rows away; that a whole value leaves few says nothing of how it begins. */
function whereCounted(suggestion: IndexSuggestion, open: Open): Answer {
  const { access, conditions, facts, shares } = open;
  if (!access.conditions.every(isServed)) return whereUnknown(suggestion, open);
  if (!takesPart(suggestion, facts)) return { ...none, suggestion };
  return asProved(suggestion, doubtOf(facts, columnsToSample(conditions, facts, suggestion)), shares);
}

function whereUnknown(suggestion: IndexSuggestion, open: Open): Answer {
  const { conditions, facts, sorted, shares } = open;
  const equality = columnsToSample(conditions, facts, suggestion);
  const ranges = usableColumns(conditions, facts, "range");
  if (equality.length === 0) return ranges.length > 0 ? none : { ...none, suggestion };
  const whole = suggestion.columns.length === equality.length + sorted.length;
  if (whole && isInOrder(open, suggestion.columns, ranges)) return { ...none, suggestion };
  return asProved(suggestion, doubtOf(facts, equality), shares);
}

/** Only where a sample shows that few rows have the same value; asks for one where there is none yet. */
export function asProved(suggestion: IndexSuggestion, doubt: Doubt, shares: Open["shares"]): Answer {
  const share = shares?.get(doubtKey(doubt));
  if (share === undefined) return { ...none, doubt };
  const columns = doubt.columns.join(", ");
  if (share === null)
    return {
      ...none,
      because: `; that an index on ${columns} would leave few of them is not proved, and none is proposed`,
    };
  const percent = Math.round(1000 * share) / 10;
  const sample = `of a sample at both ends of the table ${percent} % of the rows have one value of ${columns}`;
  if (share > mostOfOneValue)
    return {
      ...none,
      because: `; ${sample}, so that an index on it may select nothing, and none is proposed`,
    };
  return { ...none, suggestion: { ...suggestion, why: `${suggestion.why}; ${sample} at most` } };
}

/** Its own; where it has none and its rows are thrown away at another table, those by which they meet. */
function servedConditions(
  access: MysqlTableAccess,
  plan: MysqlPlan,
  { folded, limited, usefulShare }: Pick<MysqlPlanContext, "folded" | "limited" | "usefulShare">,
): readonly MysqlCondition[] {
  const own = access.conditions
    .flatMap(mysqlConditions)
    .filter(({ table }) => table.toLowerCase() === access.table.toLowerCase());
  const thrownAway = own.length === 0 && !folded && !limited && (usefulShare ?? 1) <= veryFew;
  return thrownAway ? filteredByJoin(access, plan) : own;
}
