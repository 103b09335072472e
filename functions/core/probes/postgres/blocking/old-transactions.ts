import type { LockRequest } from "../../../locks/lock-request.ts";
import { wholeTable } from "../../../text/whole-table.ts";
import type { ProbeContext } from "../../define.ts";
import type { PostgresSessionRow } from "../session-row.ts";
import type { PostgresPreparedRow } from "./lock-rows.ts";

/** However slow a statement may be here: nobody waits for a transaction of this age without noticing it. */
const mostSeconds = 1;

/**
 * By database, the owners of transactions that have been open for longer than a statement should take, of what is prepared,
 * and whoever has a whole table or an advisory lock: what a statement wants next, by a foreign key, a trigger or a function, may be theirs, in
 * whatever table, and be it only read. An autovacuum gives way by itself.
 */
export function oldTransactions(
  requests: readonly LockRequest[],
  activity: readonly PostgresSessionRow[],
  prepared: readonly PostgresPreparedRow[],
  { settings }: ProbeContext,
): ReadonlyMap<string | null, readonly string[]> {
  const old = Math.min(settings.thresholds.slowQuerySeconds, mostSeconds);
  const byName = requests.filter(
    ({ granted, objectKind, mode }) =>
      granted && (objectKind === "advisory" || (objectKind === "table" && wholeTable.includes(mode))),
  );
  const locking = new Set(byName.map(({ owner }) => owner));
  const sessions = activity
    .filter(({ own, backend_type }) => !own && backend_type !== "autovacuum worker")
    .filter(
      ({ id, state, transaction_seconds }) =>
        // With track_activities off nothing is seen of it.
        state === "disabled" || (transaction_seconds ?? 0) >= old || locking.has(`session:${id}`),
    );
  const all = [
    ...sessions.map(({ id, database_name }) => ({ database: database_name, key: `session:${id}` })),
    ...prepared.map(({ gid, database }) => ({ database, key: `prepared:${gid}` })),
  ];
  const byDatabase = Map.groupBy(all, ({ database }) => database);
  return new Map([...byDatabase].map(([database, owners]) => [database, owners.map(({ key }) => key)]));
}
