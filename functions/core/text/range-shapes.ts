import type { CostlyShape } from "./costly-shape.ts";

/** Of the plain conditions of a statement of PostgreSQL: what asks for ranges, which B-trees do not serve. */
export function rangeShapes(where: string): readonly CostlyShape[] {
  return [
    ...(/[\w)\]] ?(?:&&|-\|-) ?[\w($]/.test(where) ? [overlap] : []),
    ...(/(?:\$\d{1,5}|\bnow\(\)|\bcurrent_\w{4,9})(?:::\w{1,63})? ?between [a-z_]/.test(where)
      ? [betweenColumns]
      : []),
  ];
}

/** https://www.postgresql.org/docs/current/rangetypes.html#RANGETYPES-INDEXING */
const overlap: CostlyShape = {
  what: "an overlap (&&), which no B-tree serves",
  instead: "a GiST index on it, as an exclusion constraint (EXCLUDE USING gist) has one; GIN on an array",
};
const betweenColumns: CostlyShape = {
  what: "a value between two columns: an index on either leaves half of the table",
  instead: "the two as one range (tstzrange(from, to)) with a GiST index on it, asked by @> value",
};
