import { postgresSubscriptionsRows, type SubscriptionRow } from "../probes/postgres/subscriptions-rows.ts";
import { duration, plural } from "../text/wording.ts";
import type { ReplicaFact, Stop } from "./replica-facts.ts";
import type { View } from "./view.ts";

/** A worker that fails is started again after wal_retrieve_retry_interval, 5 s unless told otherwise. */
const justStartedSeconds = 10;

/** A publisher with nothing to say is heard every half wal_sender_timeout, 30 s unless told otherwise. */
const usualSilenceSeconds = 60;

/** Streams into single tables: whoever has them is no replica, and may be written to. */
export function subscriptionFacts(view: View): readonly ReplicaFact[] {
  return (view.rows(postgresSubscriptionsRows) ?? []).map((row) => ({
    subject: `subscription:${row.name}`,
    who: `subscription ${row.name} of database ${row.database}`,
    lagSeconds: lagOf(row),
    intendedDelaySeconds: 0,
    stop: stopOf(row),
    source: postgresSubscriptionsRows.id,
    notes: notesOf(row),
  }));
}

function lagOf({ running, silentSeconds }: SubscriptionRow): number | null {
  if (!running || silentSeconds === null) return null;
  return silentSeconds < usualSilenceSeconds ? 0 : silentSeconds;
}

/** https://www.postgresql.org/docs/current/logical-replication-conflicts.html */
function stopOf(row: SubscriptionRow): Stop | null {
  const { enabled, hasSlot, running, workerSeconds, disablesOnError, tablesNotReady } = row;
  const [applied, copied] = [row.applyErrors ?? 0, row.copyErrors ?? 0];
  const errors = `${plural(applied, "error")} of its apply worker, ${plural(copied, "error")} of first copies; the server's log names row and reason`;
  if (!enabled) {
    const itself = disablesOnError === true && applied + copied > 0;
    return itself
      ? { why: "it switched itself off at an error (disable_on_error)", error: errors, behind: true }
      : { why: "it is disabled, and not by an error", error: null, behind: hasSlot };
  }
  const young = workerSeconds !== null && workerSeconds < justStartedSeconds;
  if (applied > 0 && (!running || young)) {
    return {
      why: "its apply worker fails, starts again and fails at the same change",
      error: errors,
      behind: true,
    };
  }
  if (!running) {
    return {
      why: "its apply worker does not run: the publisher refuses it, its slot is gone or max_logical_replication_workers is reached",
      error: null,
      behind: true,
    };
  }
  if (copied > 0 && (tablesNotReady ?? 0) > 0) {
    const why = `the first copy of ${plural(tablesNotReady ?? 0, "table")} fails and begins again`;
    return { why, error: errors, behind: true };
  }
  return null;
}

function notesOf(row: SubscriptionRow): readonly string[] {
  const { applyErrors, copyErrors, tables, tablesNotReady, silentSeconds } = row;
  return [
    ...(applyErrors === null
      ? ["its errors are not counted before PostgreSQL 15"]
      : [
          `since statistics began: ${plural(applyErrors, "apply error")}, ${plural(copyErrors ?? 0, "copy error")}`,
        ]),
    ...((tablesNotReady ?? 0) > 0
      ? [`${tablesNotReady} of ${tables} tables are not in state ready yet`]
      : []),
    ...(silentSeconds === null ? [] : [`last word from its publisher ${duration(silentSeconds)} ago`]),
    ...(stopOf(row)?.error == null
      ? []
      : [
          "what meets an error stays first in line: mend the row on the subscriber, or leave out that transaction (ALTER SUBSCRIPTION … SKIP, 15), with the log line before you; its slot keeps the publisher's log meanwhile",
        ]),
  ];
}
