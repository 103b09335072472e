import type { View } from "../../facts/view.ts";
import { type CollationRow, postgresCollationsRows } from "../../probes/postgres/collations-rows.ts";
import { list, plural } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/**
 * Text sorts otherwise than its indexes were built: what is there is not found, and a unique key is let in twice.
 * https://www.postgresql.org/docs/current/sql-altercollation.html#SQL-ALTERCOLLATION-NOTES
 */
export function collationDrafts(view: View): readonly FindingDraft[] {
  return (view.rows(postgresCollationsRows) ?? []).map(draftOf);
}

function draftOf({ name, recorded, actual, indexes, examples }: CollationRow): FindingDraft {
  const isDefault = name === "default";
  const which = isDefault ? "the database's own collation" : `collation ${name}`;
  const refresh = isDefault
    ? "ALTER DATABASE … REFRESH COLLATION VERSION"
    : "ALTER COLLATION … REFRESH VERSION";
  return {
    subject: `collation:${name}`,
    severity: "P2",
    nature: "chronic",
    confidence: 0.75,
    summary: `${plural(indexes, "index may have been built", "indexes may have been built")} by ${which} in version ${recorded}, and it sorts by ${actual} now: rows may not be found by them, and a unique key may be there twice (${list(examples)})`,
    evidence: [
      {
        source: postgresCollationsRows.id,
        says: "whether any text sorts otherwise was not looked at: amcheck (bt_index_check) tells of an index",
      },
      {
        source: "engine",
        says: `what mends it: keys that are there twice first, then REINDEX (CONCURRENTLY) of each, and only then ${refresh}, which silences the warning and mends nothing`,
      },
    ],
    explains: [],
    actions: [],
  };
}
