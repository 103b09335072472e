import type { Explanation } from "../contract/explanation.ts";
import { percent } from "../text/wording.ts";
import type { View } from "./view.ts";

/** How full the connection slots are; reserved ones are not counted as usable. */
export interface Capacity {
  readonly used: number;
  readonly usable: number;
  readonly max: number;
  readonly level: "ok" | "warn" | "critical" | "full";
}

/** Null when the server's limit or its connections could not be seen. */
export function capacityOf(view: View): Capacity | null {
  if (view.server === null || view.connections === null) return null;
  const { maxConnections: max, reservedConnections } = view.server;
  const used = view.connections.reduce((sum, group) => sum + group.count, 0) + cutGroups(view);
  const usable = Math.max(1, max - reservedConnections);
  return { used, usable, max, level: levelOf(used, usable, view) };
}

/** Groups beyond those that are listed, the largest: one connection each at the least. */
function cutGroups({ evidence }: View): number {
  return evidence.probes
    .filter(({ id }) => id === "postgres-connections" || id === "mysql-connections")
    .reduce((sum, { status, rowCount, rows }) => sum + (status === "ok" ? rowCount - rows.length : 0), 0);
}

/**
 * "85 of 100 usable connections are taken (85 %)". Superusers and RDS itself also sit in reserved slots, so that more
 * can be taken than are usable: that is no share.
 */
export function takenText({ used, usable, max }: Pick<Capacity, "used" | "usable" | "max">): string {
  return used > usable
    ? `all ${usable} usable connections are taken, and ${used - usable} of the ${Math.max(used, max) - usable} reserved ones`
    : `${used} of ${usable} usable connections are taken (${percent(used, usable)})`;
}

function levelOf(used: number, usable: number, { thresholds }: View): Capacity["level"] {
  const share = (used / usable) * 100;
  if (used >= usable) return "full";
  if (share >= thresholds.connectionsCriticalPercent) return "critical";
  return share >= thresholds.connectionsWarnPercent ? "warn" : "ok";
}

/** A smaller part of all blocked sessions is not what fills the pool. */
const substantialPart = 0.1;

/**
 * Whether a blocker fills the connection slots: without the sessions that wait for locks the database would be
 * under its warning level (or half of all connections wait), and a good part of them waits behind this one.
 * The same reasoning serves statements that occupy connections by running long.
 */
export function explainsPressure(view: View, blocked: number, allBlocked: number): readonly Explanation[] {
  const capacity = capacityOf(view);
  if (capacity === null || capacity.level === "ok" || blocked === 0) return [];
  const { used, usable } = capacity;
  const waiting = Math.max(blocked, allBlocked);
  const warnAt = (usable * view.thresholds.connectionsWarnPercent) / 100;
  const relieved = used - waiting < warnAt || waiting * 2 >= used;
  if (!relieved || blocked < substantialPart * waiting) return [];
  const because = `${blocked} of ${used} connections are taken because of it (${percent(blocked, used)})`;
  return [
    { cause: "connections-near-limit", because },
    { cause: "too-many-connections", because },
  ];
}
