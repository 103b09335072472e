import { bitmapOf, everyNode, type PlanNode } from "./explain-json.ts";
import { type ColumnCondition, columnConditions, conjuncts } from "./plan-conditions.ts";
import { relationKey } from "./read-plan.ts";
import type { TableFacts } from "./table-facts.ts";

type Facts = Pick<TableFacts, "columns" | "rootSchema" | "rootRelation"> & { readonly rows: number };
type Tables = ReadonlyMap<string, Facts>;

/**
 * Without a value the planner takes a third of the table for one bound, and a 200th for two.
 * https://github.com/postgres/postgres/blob/master/src/include/utils/selfuncs.h (DEFAULT_INEQ_SEL, DEFAULT_RANGE_INEQ_SEL)
 */
const oneBound = 3;
const twoBounds = 200;

const isParameter = /\$\d/;
/** Of another table, by its alias. */
const isColumn = /^\(*(?:[a-z_]\w*|"[^"]+")\.(?:[a-z_]|")/i;

/**
 * How many times as many rows as its plan expects a statement may find, when it is asked for the most frequent value in
 * place of an average one, or for a wide range, or comes to such a value by a join: 1 where no value stands out. Null
 * where it is not known.
 * https://www.postgresql.org/docs/current/row-estimation-examples.html
 */
export function valueSkew(plan: PlanNode, tables: Tables): number | null {
  const nodes = [...everyNode(plan)];
  const byAlias = new Map(nodes.toReversed().map((node) => [node.alias, node]));
  const named = (alias: string | null, node: PlanNode) =>
    alias === null ? node : (byAlias.get(alias) ?? node);
  const factors = nodes.flatMap((node) =>
    compared(node).map((one) => (one === "unknown" ? null : factorOf(one, named(one.alias, node), tables))),
  );
  const known = factors.filter((one) => one !== null);
  if (known.length < factors.length) return null;
  // Partitions are asked for the same value: each column of a table counts once.
  return [...Map.groupBy(known, ({ column }) => column).values()].reduce((all, one) => all * widest(one), 1);
}

interface Factor {
  readonly column: string;
  readonly equal: number;
  /** Of a range: what it is compared with. */
  readonly bound: string | null;
}

function factorOf({ kind, column, other }: ColumnCondition, node: PlanNode, tables: Tables): Factor | null {
  const facts = node.relation === null ? undefined : tables.get(relationKey(node.schema, node.relation));
  if (facts === undefined) return null;
  const name = `${facts.rootSchema}.${facts.rootRelation}.${column}`;
  if (kind === "range") return { column: name, equal: 1, bound: other };
  const equal = frequency(facts, column);
  return equal === null ? null : { column: name, equal, bound: null };
}

function widest(all: readonly Factor[]): number {
  const bounds = new Set(all.flatMap(({ bound }) => bound ?? []));
  const range = bounds.size === 0 ? 1 : bounds.size === 1 ? oneBound : twoBounds;
  return range * Math.max(1, ...all.map(({ equal }) => equal));
}

/** What a step compares with a parameter, or with a column of another table; both columns of a join. */
function compared(node: PlanNode): readonly (ColumnCondition | "unknown")[] {
  const texts = [node.filter, (node.index ?? bitmapOf(node))?.condition ?? null, node.joinCondition];
  return texts
    .flatMap((text) => (text === null ? [] : conjuncts(text)))
    .flatMap((part): readonly (ColumnCondition | "unknown")[] => {
      const [condition] = columnConditions(part);
      if (condition === undefined || /\bANY \(/.test(part)) return isParameter.test(part) ? ["unknown"] : [];
      if (isParameter.test(condition.other)) return [condition];
      if (!isColumn.test(condition.other)) return [];
      return [condition, ...columnConditions(`${condition.other} = ${condition.column}`)];
    });
}

/** Of the most frequent value, as a multiple of the average one's. */
function frequency({ rows, columns }: Facts, column: string): number | null {
  const { distinct = null, top = null } = columns.find(({ name }) => name === column) ?? {};
  return distinct === null || top === null ? null : Math.min(Math.max(1, rows), distinct * top);
}
