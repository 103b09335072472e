import { postgresPartitionsRows } from "../probes/postgres/partitions-rows.ts";
import { postgresName } from "../text/sql-names.ts";
import { connectedDatabase } from "./connected-database.ts";
import { insertsInto } from "./key-use.ts";
import type { View } from "./view.ts";

export interface EndedPartitions {
  /** The end of a sentence. */
  readonly reason: string;
  /** Its first missing partition would take the rows of now. */
  readonly isNow: boolean;
  /** The server says so itself. */
  readonly isSaid: boolean;
  readonly proof: readonly { readonly source: string; readonly says: string }[];
}

/** What went on without a partition for longer writes other rows than those of now. */
const latelyMs = 31 * 86_400_000;

/**
 * A table whose newest partition has ended of late, and that has no default one, among those that fail: by statements
 * that insert into it, or by the server's own words. Of several of one name each has to have ended.
 * https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE
 */
export function endedPartitions(
  view: View,
  database: string,
  failing: readonly { readonly text: string }[] = [],
): EndedPartitions | null {
  const now = Date.parse(view.evidence.collectedAt);
  const rows = (view.rows(postgresPartitionsRows) ?? []).filter(({ table }) =>
    failing.some(
      ({ text }) => insertsInto(text, table) || text.startsWith(`no partition of relation "${table}" `),
    ),
  );
  const hasEnded = rows.every(({ newestUpTo, defaultPartition }) => {
    const age = now - Date.parse(newestUpTo ?? "");
    return age >= 0 && age <= latelyMs && defaultPartition === null;
  });
  const [row] = rows;
  if (row === undefined || !hasEnded || database !== connectedDatabase(view)) return null;
  const name = postgresName(row.schema, row.table);
  const from = row.newestUpTo ?? "";
  // Months that begin at another zone's midnight end at another hour than they began.
  const to = from.includes("T00:00:00") ? row.missing[0]?.to : null;
  const says = `what mends it: SET lock_timeout = '5s'; CREATE TABLE … PARTITION OF ${name} FOR VALUES FROM ('${from}') TO ('${to ?? "…"}'), and those after it; then send again what was refused`;
  const isSaid = failing.some(({ text }) => text.startsWith("no partition of relation "));
  return {
    isNow: now < Date.parse(row.missing[0]?.to ?? ""),
    isSaid,
    reason: `; ${isSaid ? "" : "perhaps as "}no partition of ${name} takes rows from ${from.slice(0, 16)}Z on`,
    proof: [{ source: postgresPartitionsRows.id, says }],
  };
}
