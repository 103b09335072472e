import { duration, plural } from "../text/wording.ts";
import { capacityOf } from "./capacity.ts";
import { type LogWords, recentLogHits } from "./log-lines.ts";
import type { View } from "./view.ts";

/**
 * What the servers write of a client for which there is no slot. What one role, database or account may have is
 * another limit, and has other words.
 * https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-RESERVED-CONNECTIONS
 * https://dev.mysql.com/doc/refman/8.4/en/too-many-connections.html
 */
export const slotRefusal: Readonly<Record<"postgres" | "mysql", LogWords>> = {
  // An ERROR may be an application's own.
  postgres: {
    levels: ["FATAL"],
    says: /^(?:remaining connection slots are reserved|sorry, too many clients already)/,
  },
  mysql: { levels: ["ERROR", "WARNING", "NOTE"], says: /^Too many connections\s*$/ },
};

/** One that comes too late tells of a slot that is free again by now. */
const stillSeconds = 3 * 60;
const justNowSeconds = 60;
const least = 3;

export interface SlotRefusals {
  readonly says: string;
  /** The last came just now: there is no slot still. */
  readonly goesOn: boolean;
}

/**
 * "12 refusals in the log within 4 min, the last 20 s ago": clients that were refused for want of a slot just now. Null
 * where none were, or a look inside finds room.
 */
export function slotRefusals(view: View): SlotRefusals | null {
  const family = view.evidence.target.engine === "postgres" ? "postgres" : "mysql";
  const hits = recentLogHits(view.evidence, slotRefusal[family]);
  if (hits === null || hits.count < least || hits.newestAgeSeconds > stillSeconds) return null;
  if (capacityOf(view)?.level === "ok") return null;
  const span = duration(Math.max(60, hits.spanSeconds));
  const says = `${plural(hits.count, "refusal")} in the log within ${span}, the last ${duration(hits.newestAgeSeconds)} ago`;
  return { says, goesOn: hits.newestAgeSeconds <= justNowSeconds };
}
