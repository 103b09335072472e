import { type LockForest, lockForestSchema } from "../../../contract/locks.ts";
import { defineProbe } from "../../define.ts";
import { postgresSessionRows, postgresSessionsStatement } from "../session-row.ts";
import { pgMonitor } from "../sight.ts";
import { forestOfLocks } from "./forest-of-locks.ts";
import { idleHolderTexts, withWholeTexts } from "./idle-holders.ts";
import { postgresLockInput } from "./lock-input.ts";
import { postgresLocksSql, postgresPreparedSql } from "./lock-rows.ts";
import { secondLookOf, secondLookStatements } from "./second-look.ts";

export const postgresBlocking = defineProbe({
  id: "postgres-blocking",
  spec: ["P4"],
  title: "Who waits for whose lock, and who is at the root?",
  engines: ["postgres"],
  tier: "immediate",
  cost: "One copy of the lock table, joined in memory with the sessions that the tier has read; linear in the locks. The whole texts of idle holders, where one is long; and where three or more want a lock that one has at a time, the lock table again after a quarter of a second.",
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
  follow: ([locks = [], activity], context) => [
    ...idleHolderTexts(locks, postgresSessionRows(activity)),
    ...secondLookStatements(locks, context),
  ],
  read: ([locks = [], activity, prepared = [], ...further], context): LockForest[] => {
    const rows = postgresSessionRows(activity);
    const textsAsked = idleHolderTexts(locks, rows).length;
    const sessions = withWholeTexts(locks, rows, further.slice(0, textsAsked).flat());
    const forest = forestOfLocks(postgresLockInput(locks, sessions, prepared, context));
    const secondLook = secondLookOf(locks, further.slice(textsAsked));
    return [secondLook === null ? forest : { ...forest, secondLook }];
  },
});
