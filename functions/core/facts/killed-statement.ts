import { statementText } from "../text/wording.ts";
import { recentLogHits } from "./log-lines.ts";
import type { View } from "./view.ts";

/**
 * What the process ran that a signal ended, by the newest such line of PostgreSQL's log; null where it says none. The kernel
 * takes the largest process: as a rule the one that asked for too much, and not always.
 * https://github.com/postgres/postgres/blob/master/src/backend/postmaster/postmaster.c, LogChildExit
 */
export function killedStatement(view: View): string | null {
  const hits = recentLogHits(view.evidence, /Failed process was running: (.+)/);
  const [, query = null] = /Failed process was running: (.+)/.exec(hits?.newest ?? "") ?? [];
  return statementText(query);
}
