import * as z from "zod";
import type { ProposedAction } from "../../contract/finding.ts";
import { type SessionTarget, sessionTargetSchema } from "./session-target.ts";

/**
 * Whether two proposals mean one session in one and the same doing: asked about at one look and found again at the next.
 * What only says how long it has lasted may differ, and with it the statement that is shown.
 */
export function isSameVictim(asked: ProposedAction, now: ProposedAction): boolean {
  if (asked.id !== now.id || asked.risk !== now.risk) return false;
  const [before, after] = [asked, now].map(({ input }) => z.safeParse(sessionTargetSchema, input).data);
  if (before === undefined || after === undefined) return asked.preview === now.preview;
  return isSameSession(before, after);
}

const whoAndWhat = ["sessionId", "sessionKey", "statementKey", "state", "sparesAdministrators"] as const;

function isSameSession(before: SessionTarget, after: SessionTarget): boolean {
  return (
    whoAndWhat.every((part) => before[part] === after[part]) &&
    isSameSince(before.stateSince, after.stateSince) &&
    // A younger transaction is another one; the server counts in whole seconds.
    (after.seenTransactionSeconds ?? 0) >= (before.seenTransactionSeconds ?? 0) - 1
  );
}

/** MySQL and MariaDB count whole seconds until now, so that one moment may read as two neighbours. */
function isSameSince(before: string | null, after: string | null): boolean {
  if (before === after) return true;
  return isSeconds(before) && isSeconds(after) && Math.abs(Number(before) - Number(after)) <= 1;
}

function isSeconds(since: string | null): boolean {
  return since !== null && /^\d+$/.test(since);
}
