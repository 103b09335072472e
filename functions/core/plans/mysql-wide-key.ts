import {
  conditionsOf,
  conjuncts,
  type MysqlCondition,
  mysqlConditions,
  mysqlPieces,
} from "./mysql-conditions.ts";
import type { MysqlPlan, MysqlTableAccess } from "./mysql-explain-json.ts";
import { largeTableRows } from "./read-plan.ts";

/** A statement that uses so few of the rows it looks at has no reason to look at the others. */
export const veryFew = 0.01;

interface Counted {
  readonly limited: boolean;
  readonly folded: boolean;
  /** Null: not known. */
  readonly usefulShare: number | null;
  readonly examinedPerCall?: number;
}

/** What an index has to begin with, and whether that it selects is to be proved first. */
export interface BesideKey {
  readonly conditions: readonly MysqlCondition[];
  /** Those of them that are tested on each row. */
  readonly beside: readonly MysqlCondition[];
  readonly proved: boolean;
}

/**
 * Looked up by a key that leaves thousands of rows, nearly all of which a column outside that key then throws away: what
 * an index has to begin with, that column first. Null where the key serves, and where a LIMIT ends the search. Where rows
 * are sorted before a LIMIT, all of them were found; then, where they are counted or grouped, or where something that no
 * such index tests may be what throws them away (a pattern, OR, a function, <>, another table), it is not proved by the
 * counters that it is this column.
 */
export function conditionsBesideKey(
  access: MysqlTableAccess,
  plan: MysqlPlan,
  counted: Counted,
): BesideKey | null {
  if (!keyLeavesMany(access, plan, counted)) return null;
  const { table, keyParts = [], refs = [] } = access;
  const own = access.conditions
    .flatMap(mysqlConditions)
    .filter((one) => one.table.toLowerCase() === table.toLowerCase());
  const inKey = (column: string): boolean =>
    keyParts.some((part) => part.toLowerCase() === column.toLowerCase());
  const beside = own.filter(({ kind, column }) => kind === "equality" && !inKey(column));
  if (beside.length === 0) return null;
  const looked = access.access === "ref" ? keyParts.slice(0, refs.length) : [];
  const conditions = [
    ...beside,
    ...looked.map((column) => ({ table, column, kind: "equality" as const })),
    ...own.filter((one) => !beside.includes(one)),
  ];
  const alone = plan.tables.length === 1 || access.rows >= largeTableRows;
  const proved = !counted.limited && !counted.folded && alone && access.conditions.every(isServed);
  return { conditions, beside, proved };
}

/** By the counters: a key finds thousands of rows a call, of which next to none is used, and no LIMIT ends the search. */
export function keyLeavesMany(
  access: MysqlTableAccess,
  { tables, filesort }: MysqlPlan,
  { limited, usefulShare, examinedPerCall = 0 }: Counted,
): boolean {
  const { keyParts = [] } = access;
  if ((access.access !== "ref" && access.access !== "range") || keyParts.length === 0) return false;
  if ((limited && !filesort) || usefulShare === null || usefulShare > veryFew) return false;
  return examinedPerCall >= largeTableRows && leavesThem(access, tables, examinedPerCall);
}

/**
 * Whether it is this key that leaves the rows that are counted: of several tables the one that is planned to, or the
 * first where each other is looked up by a whole unique key, so that they add one row each.
 */
function leavesThem(
  access: MysqlTableAccess,
  [first, ...others]: MysqlPlan["tables"],
  examinedPerCall: number,
): boolean {
  if (others.length === 0 || access.rows >= largeTableRows) return true;
  const single = others.every((other) => other.access === "eq_ref");
  return access === first && single && examinedPerCall / (1 + others.length) >= largeTableRows;
}

/**
 * All that a key leaves is sorted, and a LIMIT takes the first few: with the order behind the columns compared, only those
 * would be read. The columns, where nothing else is tested; null otherwise.
 */
export function comparedBeforeSort(
  access: MysqlTableAccess,
  { tables, filesort }: MysqlPlan,
  { limited, folded, usefulShare, examinedPerCall = 0 }: Counted,
): readonly MysqlCondition[] | null {
  const { table, keyParts = [], refs = [] } = access;
  if (access.access !== "ref" || !limited || !filesort || folded || tables.length !== 1) return null;
  if (usefulShare === null || usefulShare > veryFew || examinedPerCall < largeTableRows) return null;
  const own = access.conditions.flatMap(mysqlConditions);
  if (!access.conditions.every(isServed) || own.some(({ kind }) => kind !== "equality")) return null;
  // Of several values each has its own order.
  if (access.conditions.flatMap(mysqlPieces).some((piece) => piece.toLowerCase() === "in")) return null;
  const looked = keyParts.slice(0, refs.length);
  return [...looked.map((column) => ({ table, column, kind: "equality" as const })), ...own];
}

/** Each of what AND joins is a comparison of a column. */
export function isServed(condition: string): boolean {
  const pieces = mysqlPieces(condition);
  if (pieces.some((piece) => /^(?:or|xor)$/i.test(piece))) return false;
  return conjuncts(pieces).every((one) => conditionsOf(one).length > 0);
}

/** Nothing else is tested: of an expression no sample tells how many rows it leaves. */
export function isOneTest({ conditions }: MysqlTableAccess): boolean {
  const pieces = conditions.map(mysqlPieces);
  return (
    pieces.flatMap(conjuncts).length === 1 && !pieces.flat().some((piece) => /^(?:or|xor)$/i.test(piece))
  );
}

/**
 * Most rows meet it, so that who takes the first in some order has them soon. Of what no index tests otherwise (OR, a
 * function, a pattern) it is not known how many do.
 */
export function leavesMost(condition: string): boolean {
  const pieces = mysqlPieces(condition);
  if (pieces.some((piece) => /^(?:or|xor)$/i.test(piece))) return false;
  return conjuncts(pieces).every((one) => {
    const text = one.join(" ").toLowerCase();
    return (
      conditionsOf(one).length > 0 || /< >|! =|\bis not null\b|\bnot (?:in|between|like)\b|^not /.test(text)
    );
  });
}
