import { type MysqlCondition, mysqlConditions } from "./mysql-conditions.ts";
import type { MysqlPlan, MysqlTableAccess } from "./mysql-explain-json.ts";

/**
 * Columns of a table read whole by which each of its rows is looked up in another, only to be thrown away there: that
 * one is searched by a condition of its own that a key may serve, and with an index on these columns the server could
 * begin with it.
 */
export function filteredByJoin(
  { table }: MysqlTableAccess,
  { tables }: MysqlPlan,
): readonly MysqlCondition[] {
  const begins = tables.findIndex((each) => each.table === table);
  return tables.slice(begins + 1).flatMap((other) => {
    const others = other.possibleKeys.filter((key) => key !== other.key);
    if (others.length === 0 || !other.conditions.flatMap(mysqlConditions).some(of(other.table))) return [];
    return (other.refs ?? []).flatMap((ref): readonly MysqlCondition[] => {
      const [column, alias] = ref.split(".").toReversed();
      return column !== undefined && alias === table ? [{ table, column, kind: "equality" }] : [];
    });
  });
}

function of(name: string) {
  return ({ table }: MysqlCondition): boolean => table.toLowerCase() === name.toLowerCase();
}
