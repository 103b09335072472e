import type { Session } from "../contract/session.ts";
import type { TableRow } from "../probes/postgres/tables/rows.ts";
import { mentions } from "../text/table-in.ts";
import { connectedDatabase } from "./connected-database.ts";
import type { View } from "./view.ts";

const locks = /^\s*lock\b/i;
/** Any other mode keeps a vacuum out, which does not wait for the table, and passes it over. */
const letsVacuumIn = /\bin\s+(?:access\s+share|row\s+share|row\s+exclusive)\s+mode\b/i;

/**
 * Whose LOCK TABLE keeps autovacuum from a table for longer than a transaction should stay open; null: nobody's, of those
 * whose last statement it is.
 * https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
 */
export function lockedOutBy(view: View, { table }: TableRow): Session | null {
  const here = connectedDatabase(view);
  return (
    (view.sessions ?? []).find(
      ({ own, kind, state, stateSeconds, database, query }) =>
        !own &&
        state === "idle-in-transaction" &&
        database === here &&
        kind === "client" &&
        locks.test(query ?? "") &&
        !letsVacuumIn.test(query ?? "") &&
        mentions(query, table) &&
        (stateSeconds ?? 0) >= view.thresholds.idleInTransactionSeconds,
    ) ?? null
  );
}
