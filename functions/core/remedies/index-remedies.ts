import { createIndexOffer } from "../actions/database/create-index.ts";
import { dropIndexOffer } from "../actions/database/drop-index.ts";
import { reindexIndexOffer } from "../actions/database/reindex-index.ts";
import { propose, proposeManual } from "../actions/propose.ts";
import type { IndexInput } from "../actions/statements/index-definition.ts";
import { postgresIndexIn } from "../actions/statements/index-in-statement.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { View } from "../facts/view.ts";
import type { PostgresIndexRow } from "../probes/postgres/indexes-rows.ts";
import { postgresName } from "../text/sql-names.ts";
import { oneByOne } from "./one-by-one.ts";
import { asOwner } from "./run-as.ts";

type Index = Pick<PostgresIndexRow, "schema" | "table" | "index" | "definition" | "owner">;

/** pg_get_indexdef writes the index of a partitioned table so. */
export function isPartitioned({ definition }: Pick<Index, "definition">): boolean {
  return /^CREATE (?:UNIQUE )?INDEX (?:"(?:[^"]|"")*"|\S+) ON ONLY /.test(definition ?? "");
}

/**
 * https://www.postgresql.org/docs/current/sql-dropindex.html: CONCURRENTLY waits for transactions that use the table,
 * is not to be had for a partitioned one, and not inside a transaction block.
 */
export function dropIndex(
  { evidence: { target } }: View,
  index: Index,
  because: string,
  superfluous: Pick<PostgresIndexRow, "coveredBy" | "scans">,
): ProposedAction {
  const name = postgresName(index.schema, index.index);
  const partitioned = isPartitioned(index);
  const undo =
    index.definition === null
      ? "Note its definition first (pg_get_indexdef): it could not be read while the table was locked."
      : `Undo: ${partitioned ? index.definition : index.definition.replace(/^(CREATE (?:UNIQUE )?INDEX)/, "$1 CONCURRENTLY")}`;
  const told = {
    describes: `drop index ${index.index} of ${index.table}: ${because}; ${asOwner(index.owner)}`,
    consequence: `${
      partitioned
        ? "Locks the partitioned table and its partitions for a moment; gives up after 5 s rather than queue."
        : "Blocks nobody; waits for open transactions that use the table."
    } A statement that does need it becomes slow. ${undo}`,
  };
  // CONCURRENTLY is not to be had of it, and a lock on all partitions is a person's to take.
  if (partitioned) {
    const preview = `SET lock_timeout = '5s';\nDROP INDEX ${name}`;
    return proposeManual({ id: "drop-index", spec: ["A13"], risk: "disruptive", preview, ...told });
  }
  const { schema, table, index: called } = index;
  const { coveredBy: keeps, scans } = superfluous;
  const was = asItWas(postgresIndexIn(index.definition ?? ""));
  if (was === null)
    return proposeManual({
      ...{ id: "drop-index", spec: ["A13"], risk: "disruptive", preview: `DROP INDEX CONCURRENTLY ${name}` },
      ...{ describes: told.describes, consequence: `${told.consequence} ${byAPerson}` },
    });
  return propose(dropIndexOffer, { schema, table, name: called, keeps, scans, ...was }, target, {
    frees: null,
    ...told,
  });
}

/** Before a drop of ours it is looked whether the index is still the one that was judged. */
export const byAPerson =
  "A person alone drops it: what it is could not be read so that it can be compared again just before.";

/**
 * What it is compared with before it is dropped, and made again by. Null: it cannot be written down so, and to drop it is
 * left to a person.
 */
export function asItWas(index: IndexInput | null) {
  return index === null ? null : { was: { unique: index.unique, definition: index.definition } };
}

/** https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY */
export function rebuildIndex(view: View, index: Index, unique: boolean): ProposedAction {
  const input = { schema: index.schema, name: index.index };
  return propose(reindexIndexOffer, input, view.evidence.target, {
    frees: null,
    describes: `build index ${index.index} of ${index.table} again; ${asOwner(index.owner)}`,
    consequence: `Reads the table twice and needs the index's size once more; blocks neither readers nor writers.${
      unique ? " It fails again while duplicates are in the table: find and mend them first." : ""
    } If it fails, it leaves another invalid index that ends in _ccnew.`,
  });
}

export function createIndex(
  { evidence: { target } }: View,
  statement: string,
  describes: string,
  owner: string | null,
): ProposedAction {
  const concurrently = /^(?:CREATE EXTENSION pg_trgm;\n)?CREATE (?:UNIQUE )?INDEX CONCURRENTLY/.test(
    statement,
  );
  const told = {
    describes: `${describes}; ${asOwner(owner)}`,
    consequence: concurrently
      ? `${statement.startsWith("CREATE EXTENSION") ? `${oneByOne} ` : ""}Reads the whole table twice, waits for open transactions, blocks neither readers nor writers; every write then maintains one more index. On an expression, ANALYZE the table afterwards: its values are counted only then. If it fails, drop the invalid index that it leaves.`
      : "Blocks writes to the table while it is built. To avoid that, create the index CONCURRENTLY on each partition, then on the parent with ON ONLY, and attach them.",
  };
  const index = concurrently ? postgresIndexIn(statement) : null;
  if (index !== null) return propose(createIndexOffer, index, target, { frees: null, ...told });
  return proposeManual({
    ...{ id: "create-index", spec: ["A10"], risk: concurrently ? "safe" : "disruptive" },
    preview: statement,
    ...told,
  });
}
