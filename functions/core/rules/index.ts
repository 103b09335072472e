import { blockedByIdleTransaction } from "./blocked-by-idle-transaction.ts";
import { blockedByRunningQuery } from "./blocked-by-running-query.ts";
import { connectionsNearLimit } from "./connections-near-limit.ts";
import { databaseUnreachable } from "./database-unreachable.ts";
import { ddlLockQueue } from "./ddl-lock-queue.ts";
import { explicitLockHeld } from "./explicit-lock-held.ts";
import { longRunningQuery } from "./long-running-query.ts";
import { preparedTransactionHoldingLocks } from "./prepared-transaction-holding-locks.ts";
import { tooManyConnections } from "./too-many-connections.ts";

/** Every rule that can find something, by finding id. */
export const rules = [
  blockedByIdleTransaction,
  blockedByRunningQuery,
  connectionsNearLimit,
  databaseUnreachable,
  ddlLockQueue,
  explicitLockHeld,
  longRunningQuery,
  preparedTransactionHoldingLocks,
  tooManyConnections,
] as const;
