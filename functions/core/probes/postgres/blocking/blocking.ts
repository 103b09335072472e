import { type LockForest, lockForestSchema } from "../../../contract/locks.ts";
import { defineProbe } from "../../define.ts";
import { postgresSessionRows, postgresSessionsStatement } from "../session-row.ts";
import { pgMonitor } from "../sight.ts";
import { forestOfLocks } from "./forest-of-locks.ts";
import { idleHolderTexts, withWholeTexts } from "./idle-holders.ts";
import { postgresLockInput } from "./lock-input.ts";
import { postgresLocksSql, postgresPreparedSql } from "./lock-rows.ts";

export const postgresBlocking = defineProbe({
  id: "postgres-blocking",
  spec: ["P4"],
  title: "Who waits for whose lock, and who is at the root?",
  engines: ["postgres"],
  tier: "immediate",
  cost: "One copy of the lock table, joined in memory with the sessions that the tier has read; linear in the locks. The whole texts of idle holders, where one is long.",
  needs: [pgMonitor],
  row: lockForestSchema,
  maxRows: 1,
  source: "https://www.postgresql.org/docs/current/view-pg-locks.html",
  // The locks first: nobody is then blamed for a transaction that it ended before it took the lock.
  statements: (context) => [
    { sql: postgresLocksSql(context.server.major) },
    postgresSessionsStatement(context),
    { sql: postgresPreparedSql },
  ],
  follow: ([locks = [], activity]) => idleHolderTexts(locks, postgresSessionRows(activity)),
  read: ([locks = [], activity, prepared = [], texts = []], context): LockForest[] => {
    const sessions = withWholeTexts(locks, postgresSessionRows(activity), texts);
    return [forestOfLocks(postgresLockInput(locks, sessions, prepared, context))];
  },
});
