import type { LockForest, PreparedTransaction } from "../../contract/locks.ts";
import type { Session } from "../../contract/session.ts";
import { buildForest, type ForestInput, type LockRequest } from "../../locks/forest.ts";
import { withoutLeadingComments } from "../../text/statement-parts.ts";
import type { TransactionRow } from "./innodb-transactions.ts";
import type { MysqlSnapshot } from "./snapshot.ts";

const maxNodes = 60;

/** Whom a lock belongs to. */
export interface LockOwner {
  readonly key: string;
  readonly session: Session | null;
  readonly transaction: TransactionRow | null;
}

export function sessionOwner(snapshot: MysqlSnapshot, connectionId: number | undefined): LockOwner | null {
  const session = connectionId === undefined ? undefined : snapshot.sessions.get(connectionId);
  return session ? { key: `session:${session.id}`, session, transaction: null } : null;
}

/** Null for what ended while the probe read. Who came only after the list of sessions was read has no session. */
export function transactionOwner(
  snapshot: MysqlSnapshot,
  transactionId: string,
  connectionId?: number,
): LockOwner | null {
  const transaction = snapshot.transactions?.get(transactionId) ?? null;
  if (transaction && leftBehind(transaction))
    return { key: preparedKey(transaction), session: null, transaction };
  const owner = sessionOwner(snapshot, transaction?.session_id ?? connectionId);
  if (owner) return { ...owner, transaction };
  return transaction && { key: `session:${transaction.session_id}`, session: null, transaction };
}

/** XA transactions prepared and left by their session, or recovered after a restart. */
export function preparedTransactions(snapshot: MysqlSnapshot): readonly TransactionRow[] {
  return [...(snapshot.transactions?.values() ?? [])].filter(leftBehind);
}

export function leftBehind({ session_id }: TransactionRow): boolean {
  return session_id === 0;
}

export function preparedKey({ trx_id }: TransactionRow): string {
  return `prepared:${trx_id}`;
}

export interface MysqlForestInput extends Pick<ForestInput, "conflicts"> {
  readonly requests: readonly LockRequest[];
  readonly snapshot: MysqlSnapshot;
  /** Prepared XA transactions as XA ROLLBACK takes them; null when they were not asked for, or are hidden. */
  readonly xids: readonly string[] | null;
}

export function mysqlForest({ requests, snapshot, xids, conflicts }: MysqlForestInput): LockForest {
  const sessions = [...snapshot.sessions.values()].map(
    (session) => [`session:${session.id}`, session] as const,
  );
  const left = preparedTransactions(snapshot);
  const [only = null, ...others] = left.length === 1 ? (xids ?? []) : [];
  const known = others.length === 0 ? only : null;
  const prepared = left.map((row) => [preparedKey(row), describePrepared(row, known, xids)] as const);
  return buildForest({
    requests,
    sessions: new Map(sessions),
    prepared: new Map(prepared),
    conflicts,
    maxNodes,
  });
}

/** Ids listed for one transaction; the rest are as likely. */
const mostCandidates = 20;

/** No view of either engine says which xid an InnoDB transaction has; MySQL lists xids to XA_RECOVER_ADMIN only. */
function describePrepared(
  { trx_id, age_seconds }: TransactionRow,
  xid: string | null,
  xids: MysqlForestInput["xids"],
): PreparedTransaction {
  const row = { owner: null, database: null, ageSeconds: age_seconds };
  if (xid !== null) return { gid: xid, ...row };
  const candidates = (xids ?? []).slice(0, mostCandidates);
  return { gid: `InnoDB transaction ${trx_id}`, ...row, ...(candidates.length === 0 ? {} : { candidates }) };
}

const ddl = /^(?:alter|create|drop|rename|truncate|optimize|repair|analyze|check)\b/i;

/** A strong lock that LOCK TABLES took, and not a statement that rebuilds the table just now. */
export function heldByCommand(session: Session | null): boolean {
  return (
    session !== null && !(session.state === "active" && ddl.test(withoutLeadingComments(session.query ?? "")))
  );
}
