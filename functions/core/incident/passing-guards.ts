import { policyChanged, reasonGone } from "./requests.ts";

/** Guards whose "no" holds for the moment only: an action they held back is tried again at a later look. */
export const passingGuards: ReadonlySet<string> = new Set([
  "pause-after-action",
  "actions-per-hour",
  "action-in-progress",
  "kill-switch",
  "kill-switch-unreadable",
  "exempt",
  "snoozed",
  "tags-unread",
  "order-expired",
  "acting-function-busy",
  // The session was doing something else by then; if it is judged guilty again, it is asked about again.
  "session-changed",
  "state-changed",
  "changed-since",
  // Whoever uses the object ends some time, and its statement gave up rather than queue.
  "lock-timeout",
  "long-statement",
  "long-transaction",
  "object-busy",
  reasonGone,
  policyChanged,
  "no-settings",
  // Asked about anew, with a request for what is meant by now.
  "approval-mismatch",
  "approval-insufficient",
  "approval-too-old",
  "statement-changed",
  // RDS takes it when what it does just now has ended.
  "rds-not-now",
  // Nothing was sent, since the database did not answer what is read before.
  "not-seen",
  "database-status",
  "storage-optimizing",
  "storage-changes",
  "large-transaction",
  "look-too-old",
  // Nothing shows that it was ever sent.
  "not-sent",
  // Shown with what waits by the next look.
  "pending-changes",
]);
