import { latestMetric } from "./latest-metric.ts";
import { slotRefusals } from "./slot-refusals.ts";
import { toldConnections } from "./told-connections.ts";
import type { View } from "./view.ts";

/** Of the limit: the count is a minute old, and some slots are reserved. */
export const nearlyFull = 0.95;

/**
 * Every slot of the server is known to be taken: somebody was refused for it just now, or as many are connected as RDS
 * itself has named as the limit. A limit that is only assumed, and lines that a client may have written, know nothing.
 */
export function noSlotIsLeft(view: View): boolean {
  if (view.evidence.connection.failedStep === "no-free-slot") return !isOwnLimit(view);
  if (slotRefusals(view)?.doubted === false) return true;
  const told = toldConnections(view);
  const used = latestMetric(view.evidence, ["DatabaseConnections"])?.value ?? 0;
  return told !== null && used >= nearlyFull * told.limit;
}

/** MySQL's limits of one account, and PostgreSQL's of one role or database: the server has room. */
export function isOwnLimit({ evidence: { connection } }: View): boolean {
  return (
    ["1203", "1226"].includes(connection.refusedWith ?? "") ||
    /too many connections for (role|database) "/.test(connection.detail ?? "")
  );
}
