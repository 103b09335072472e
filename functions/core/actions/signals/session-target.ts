import * as z from "zod";
import type { Session } from "../../contract/session.ts";
import type { Policy } from "../../settings.ts";

/** The session that A1 and A2 name: id, what makes the id unrepeatable, and what it was seen doing. */
export const sessionTargetSchema = z.object({
  sessionId: z.number().int(),
  sessionKey: z.string(),
  /** Null: the session as such is meant, whatever it does now (an idle transaction). */
  statementKey: z.string().nullable(),
  /** The state it was seen in; a session that has moved on is not the one that was judged. */
  state: z.enum(["active", "idle", "idle-in-transaction", "idle-in-transaction-aborted", "other"]),
  /** Since when it is in that state, as the server says it: with the statement, one idle period and no later one. */
  stateSince: z.string().nullable().default(null),
  /** Start of the open transaction or statement can no longer be what was seen when it is younger than this. */
  seenTransactionSeconds: z.number().nullable(),
  user: z.string().nullable(),
  application: z.string().nullable(),
  client: z.string().nullable(),
  database: z.string().nullable(),
  query: z.string().nullable(),
  /** What it waited for when it was seen, by the engine's name. Absent from what was stored before it was asked. */
  waitEvent: z.string().nullable().default(null),
  rowsModified: z.number().nullable(),
  /** Longest wait behind it when it was seen; a rollback longer than that is worse than waiting. */
  longestWaitSeconds: z.number().nullable(),
  /** Whether the acting statement leaves administrators alone; false only where policy.actOnAdministrators says so. */
  sparesAdministrators: z.boolean().default(true),
});
export type SessionTarget = z.infer<typeof sessionTargetSchema>;

export function sessionTargetOf(
  session: Session,
  longestWaitSeconds: number | null,
  { actOnAdministrators }: Pick<Policy, "actOnAdministrators">,
): SessionTarget {
  return {
    sessionId: session.id,
    sessionKey: session.sessionKey,
    statementKey: session.statementKey,
    state: session.state,
    stateSince: session.stateSince,
    seenTransactionSeconds: session.transactionSeconds,
    user: session.user,
    application: session.application,
    client: session.client,
    database: session.database,
    query: session.query,
    waitEvent: session.waitEvent,
    rowsModified: session.rowsModified,
    longestWaitSeconds,
    sparesAdministrators: !actOnAdministrators,
  };
}
