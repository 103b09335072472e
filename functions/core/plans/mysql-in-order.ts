import { type MysqlCondition, mysqlPieces } from "./mysql-conditions.ts";
import type { MysqlTableAccess } from "./mysql-explain-json.ts";
import { isServed } from "./mysql-wide-key.ts";

export interface Ordered {
  readonly access: MysqlTableAccess;
  readonly conditions: readonly MysqlCondition[];
  /** Columns of the order in which a LIMIT takes the first rows. */
  readonly sorted: readonly string[];
  readonly descending: boolean;
}

/**
 * Whether an index on these columns ends with the order, and nothing else is tested: the first rows in it are those that
 * are wanted, however many have the values before it. Of a list of values each has an order of its own, and MariaDB walks
 * back from the end of all that have the value where a range is wanted in descending order (tried on 10.11).
 */
export function isInOrder(
  { access, conditions, sorted, descending }: Ordered,
  columns: readonly string[],
  ranges: readonly string[],
): boolean {
  if (sorted.length === 0 || !access.conditions.every(isServed)) return false;
  const names = new Set(columns.map((column) => column.toLowerCase()));
  const isRangeOfOrder = sorted.length === 1 && ranges.join() === sorted.join() && !descending;
  return (
    (ranges.length === 0 || isRangeOfOrder) &&
    conditions.every(({ column }) => names.has(column.toLowerCase())) &&
    !access.conditions.flatMap(mysqlPieces).some((piece) => /^in$/i.test(piece))
  );
}
