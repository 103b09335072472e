import * as z from "zod";
import type { LockForest } from "../../../contract/locks.ts";
import type { SqlRow } from "../../../ports.ts";
import type { FollowStatement } from "../../define.ts";
import { laterTransactionSql, type TransactionRow } from "../innodb-transactions.ts";
import { isWorthALook, type LaterLook, lookAgain, rowsAgain, secondLookOf } from "../second-look.ts";

const text = z.union([z.string(), z.number()]).transform(String);
const laterSchema = z.object({
  trx_id: text,
  session_id: z.coerce.number(),
  requested_lock: z.string().nullable(),
  age_seconds: z.number().nullable(),
});

export interface FirstLook {
  readonly forest: LockForest;
  /** As they were listed, by whoever they belong to: node key to row. */
  readonly transactions: readonly TransactionRow[];
  /** Of each holder that owns locks, its transaction's id. */
  readonly held: ReadonlyMap<string, string>;
  /** What a lock is on, out of its id. */
  readonly lockKey: (lockId: string) => string;
}

/** Whether those who hold rows are the same transactions still: their ids tell, without another pass over the locks. */
export function laterRowLook({ forest }: FirstLook): FollowStatement[] {
  return isWorthALook(forest) ? [lookAgain(...laterTransactionSql)] : [];
}

/** The forest with what the later look tells. */
export function withRowTurns(first: FirstLook, again: readonly SqlRow[] | undefined): LockForest {
  const rows = rowsAgain(again)?.filter(({ trx_id }) => trx_id !== null);
  if (rows === undefined) return first.forest;
  const later = z.array(laterSchema).parse(rows);
  return { ...first.forest, secondLook: secondLookOf(first.forest, laterLook(first, later)) };
}

function laterLook(
  { transactions, held, lockKey }: FirstLook,
  later: readonly z.infer<typeof laterSchema>[],
): LaterLook {
  const before = new Map(transactions.map((row) => [row.session_id, row]));
  const now = new Map(later.map((row) => [row.session_id, row]));
  const wanted = new Set(later.flatMap(({ requested_lock }) => requested_lock ?? []).map(lockKey));
  return {
    gone: ({ key, session }) => {
      const id = session === null ? undefined : (held.get(key) ?? before.get(session.id)?.trx_id);
      if (session === null || id === undefined) return false;
      const current = now.get(session.id);
      if (current === undefined) return true;
      const younger = (current.age_seconds ?? 0) < (before.get(session.id)?.age_seconds ?? 0);
      return younger || (isLasting(id) && current.trx_id !== id);
    },
    wanted: ({ session }) => {
      const lock = session === null ? null : before.get(session.id)?.requested_lock;
      return lock != null && wanted.has(lockKey(lock));
    },
  };
}

/** One that has written nothing is shown by an address, and gets its number with the first write. */
function isLasting(transactionId: string): boolean {
  return Number(transactionId) < 2 ** 47;
}
