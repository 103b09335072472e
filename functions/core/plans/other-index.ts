import { postgresName, quoteName } from "../text/sql-names.ts";
import { containsIndex } from "./contains-index.ts";
import type { OtherCondition } from "./other-conditions.ts";
import { prefixIndex } from "./prefix-index.ts";
import type { TableFacts } from "./table-facts.ts";

/** CONCURRENTLY is not to be had on a partitioned table. */
export function createOn({ partitioned, rootSchema, rootRelation }: TableFacts): string {
  return `CREATE INDEX ${partitioned ? "" : "CONCURRENTLY "}ON ${postgresName(rootSchema, rootRelation)}`;
}

/** An index on an expression, on what a column holds, or on trigrams; null when none would serve or it is there already. */
export function otherIndex(
  others: readonly OtherCondition[],
  facts: TableFacts,
): { readonly columns: readonly string[]; readonly createIndex: string } | null {
  const expression = others.find((one) => one.kind === "expression" && isImmutable(one, facts));
  const bare = (sql: string | undefined): string => (sql ?? "").replace(/[\s()]/g, "");
  if (expression) {
    const { sql } = expression;
    if (facts.indexes.some(([first]) => bare(first) === bare(sql))) return null;
    return { columns: [sql], createIndex: `${createOn(facts)} ((${sql}))` };
  }
  const held = others.filter(({ kind }) => kind === "contains").map((one) => containsIndex(one, facts));
  const contains = held.find((one) => one !== null);
  if (contains)
    return { columns: contains.columns, createIndex: `${createOn(facts)} USING gin (${contains.key})` };
  const pattern = others.find(({ kind }) => kind === "pattern");
  const column = pattern?.columns[0];
  if (pattern === undefined || column === undefined || facts.trigrams?.includes(column)) return null;
  const prefix = prefixIndex(column, pattern.prefix ?? null, facts);
  if (prefix !== null) return { ...prefix, createIndex: `${createOn(facts)} (${prefix.key})` };
  const { trigramSchema = null } = facts;
  const operators =
    trigramSchema === null || trigramSchema === "public"
      ? "gin_trgm_ops"
      : postgresName(trigramSchema, "gin_trgm_ops");
  return {
    columns: [`${column} gin_trgm_ops`],
    createIndex: `${trigramSchema === null ? "CREATE EXTENSION pg_trgm;\n" : ""}${createOn(facts)} USING gin (${quoteName(column)} ${operators})`,
  };
}

/**
 * Expressions of times depend on the session's time zone, mostly. One of several columns does not where they are of one
 * type: between two types EXPLAIN does not show the cast.
 */
function isImmutable({ columns, chooses }: OtherCondition, { columns: known }: TableFacts): boolean {
  const types = columns.map((column) => known.find(({ name }) => name === column)?.type ?? "");
  const timed = types.some((type) => /^(time|date|interval)/.test(type));
  return !timed || (chooses === true && new Set(types).size === 1);
}
