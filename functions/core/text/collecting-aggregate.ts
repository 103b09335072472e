const collects = /\b((?:string_|array_|jsonb?_|jsonb?_object_|json_array|json_object|xml)agg)\s*\(/i;

/**
 * An aggregate that keeps what it meets, group by group, by its name; null where there is none. PostgreSQL does not know
 * how much that will be and reckons with 8 kB for each group, with which a hash table is full early however small the
 * values are (seen on 16: 160,000 groups of 60 bytes go to disk with 512 MB, and take longer than with 8).
 * https://github.com/postgres/postgres/blob/master/src/backend/optimizer/prep/prepagg.c (get_agg_clause_costs)
 */
export function collectingAggregate(query: string | null): string | null {
  if (!/\bgroup\s+by\b/i.test(query ?? "")) return null;
  const [, name] = collects.exec(query ?? "") ?? [];
  return name?.toLowerCase() ?? null;
}
