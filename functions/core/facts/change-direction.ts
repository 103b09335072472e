import type { ChangeRow } from "./change-table.ts";
import type { Deviation } from "./deviations.ts";
import { writesLogs } from "./logging-parameters.ts";
import type { View } from "./view.ts";
import { type Happened, valueBefore } from "./what-changed.ts";

/** None, or as long as it takes. */
export const limitOf = (value: string | null): number =>
  Number(value) > 0 ? Number(value) : Number.POSITIVE_INFINITY;

/** Logs less, or lets more in or through than before: nothing is short of it. */
export function wasEased(view: View, change: Happened, deviation: Deviation): boolean {
  const name = change.name ?? "";
  if (/^(general_log$|log_statement$|log_min_duration_statement$|log_checkpoints$)/.test(name))
    return !writesLogs(name, change.to);
  if (name === "storageType") return !/^(gp2|standard)$/.test(change.to ?? "");
  const before = change.from ?? valueBefore(view, change);
  // Who rests is let go sooner: fewer stay.
  if (
    /(^idle_|wait_timeout$|active_timeout$)/.test(name) &&
    !/lock_/.test(name) &&
    deviation === "connections"
  )
    return before !== null && limitOf(change.to) < limitOf(before);
  return (
    /^(max_conn|iops$|storageT)/.test(name) && before !== null && !(limitOf(change.to) < limitOf(before))
  );
}

/** What was set protects data, or who signs in: to set it back is no remedy. */
const protects =
  /ssl|secure_transport|tls|cACert|password|auth|credentials|audit|flush_log|sync_binlog|synchronous_commit|^autovacuum|freeze|failsafe/i;
const isOff = /^(?:0|off|none|false)$/i;

/** What is to be made of it. */
export function adviceOn({ name, to }: Happened, { advice }: ChangeRow): string {
  return protects.test(name ?? "") && !isOff.test(to ?? "") && advice.includes("set it back")
    ? "it protects data or sign-ins: mend what does not get along with it, and do not set it back for this"
    : advice;
}
