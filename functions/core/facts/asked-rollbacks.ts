import type { DatabaseRatesRow } from "../probes/postgres/database-rates-rows.ts";
import { postgresFailingStatementsRows } from "../probes/postgres/failing-statements-rows.ts";
import { rounded } from "./statements.ts";
import { unreportedRollbacks } from "./unreported-rollbacks.ts";
import type { View } from "./view.ts";

/** Of the rollbacks; the statements are read at another moment. */
const nearlyAll = 0.9;
/**
 * Within the half second that is looked at, a tenth of the transactions that clients roll back behind an error is seen
 * aborted, at the least: five of so many a second. Of more sessions than that there are fewer looks.
 */
const surelySeen = 100;

/**
 * Of transactions that were rolled back, and begun: how often clients sent ROLLBACK, as a pool does with each connection
 * that comes back, or an application behind an error; the end of a sentence, empty where they did not, or nobody counted
 * it. Null: on purpose, since they are so many that some would have been seen aborted, had errors come before them, and
 * none was. Who uses savepoints is left out of what was caught.
 */
export function askedRollbacks(view: View, row: DatabaseRatesRow): string | null {
  const rollbacks = row.rollbacksPerSecond ?? 0;
  const sent = unreportedRollbacks(view, row);
  if (sent === null || sent.asked < nearlyAll * rollbacks) return "";
  const isCaught = view
    .rows(postgresFailingStatementsRows)
    ?.some(({ database }) => database === row.database);
  return isCaught === false &&
    sent.savepoints === 0 &&
    rollbacks >= Math.max(surelySeen, row.connections ?? 0)
    ? null
    : `; ROLLBACK was asked for ${rounded(sent.asked)} times a second`;
}
