import type {
  HeldLock,
  LockForest,
  LockNode,
  LockWait,
  PreparedTransaction,
} from "../../functions/core/contract/locks.ts";
import type { Session } from "../../functions/core/contract/session.ts";

/** A client session at work; overrides say what matters to the test. */
export function aSession(id: number, overrides: Partial<Session> = {}): Session {
  return {
    id,
    sessionKey: `2026-11-21 09:00:00.${String(id).padStart(6, "0")}+00`,
    statementKey: `statement-${id}`,
    user: "shop",
    application: "checkout",
    client: "10.0.0.7",
    database: "shop",
    kind: "client",
    wraparound: false,
    superuser: false,
    administrator: false,
    own: false,
    state: "active",
    stateSeconds: 0.01,
    stateSince: "2026-11-21 09:09:00+00",
    transactionSeconds: 0.01,
    statementSeconds: 0.01,
    sessionSeconds: 3600,
    waitEvent: null,
    query: "UPDATE orders SET state = $1 WHERE id = $2",
    leaderId: null,
    rowsModified: null,
    ...overrides,
  };
}

/** Idle in transaction for so many seconds. */
export function anIdleTransaction(id: number, seconds: number, overrides: Partial<Session> = {}): Session {
  return aSession(id, {
    state: "idle-in-transaction",
    stateSeconds: seconds,
    transactionSeconds: seconds + 1,
    statementSeconds: null,
    waitEvent: "Client:ClientRead",
    ...overrides,
  });
}

/** A statement that has run for so many seconds in a transaction of its own. */
export function aRunning(id: number, seconds: number, overrides: Partial<Session> = {}): Session {
  return aSession(id, {
    stateSeconds: seconds,
    transactionSeconds: seconds,
    statementSeconds: seconds,
    ...overrides,
  });
}

export function aPrepared(gid: string, overrides: Partial<PreparedTransaction> = {}): PreparedTransaction {
  return { gid, owner: "shop", database: "shop", ageSeconds: 900, ...overrides };
}

/** What one member of a forest does; who is below it follows from `behind`. */
export interface Member {
  readonly who: Session | PreparedTransaction;
  /** Key of the one it waits behind; absent for a root. */
  readonly behind?: string;
  readonly queued?: boolean;
  readonly waits?: Partial<LockWait>;
  readonly holds?: readonly Partial<HeldLock>[];
  readonly blockerCount?: number;
  /** For a holder beside the one that was made parent. */
  readonly blocksDirectly?: number;
}

export function keyOf(who: Session | PreparedTransaction): string {
  return "gid" in who ? `prepared:${who.gid}` : `session:${who.id}`;
}

/** A forest with consistent counts from its members; `omit` waiters are dropped but stay counted. */
export function aForest(members: readonly Member[], omit: ReadonlySet<string> = new Set()): LockForest {
  const below = (key: string): readonly Member[] =>
    members.filter(({ behind }) => behind === key).flatMap((member) => [member, ...below(keyOf(member.who))]);
  const nodes = members.map((member) => nodeOf(member, members, below(keyOf(member.who))));
  const waiters = members.filter(({ behind }) => behind !== undefined).length;
  return {
    nodes: nodes.filter(({ key }) => !omit.has(key)),
    waiters,
    omittedWaiters: nodes.filter(({ key }) => omit.has(key)).length,
    lockRows: members.length * 2,
    cycles: [],
  };
}

function nodeOf(member: Member, members: readonly Member[], below: readonly Member[]): LockNode {
  const { who, behind } = member;
  const key = keyOf(who);
  const waits = below.map((waiter) => waitOf(waiter).waitSeconds).filter((seconds) => seconds !== null);
  const direct = members.filter((other) => other.behind === key).length;
  return {
    key,
    session: "gid" in who ? null : who,
    prepared: "gid" in who ? who : null,
    waitsFor: behind === undefined ? null : waitOf(member),
    parent: behind ?? null,
    behindQueue: member.queued ?? false,
    blockerCount: member.blockerCount ?? (behind === undefined ? 0 : 1),
    holds: (member.holds ?? []).map((lock) => ({
      object: "orders",
      objectKind: "table",
      mode: "RowExclusiveLock",
      explicit: false,
      ...lock,
    })),
    blocksDirectly: member.blocksDirectly ?? direct,
    blocksTotal: below.length,
    longestWaitSeconds: waits.length === 0 ? null : Math.max(...waits),
  };
}

function waitOf({ waits }: Member): LockWait {
  return {
    object: "orders",
    objectKind: "table",
    mode: "RowExclusiveLock",
    waitSeconds: 5,
    queuePosition: 1,
    ...waits,
  };
}

/** So many sessions that wait behind one, from `firstId` on. */
export function waiters(
  count: number,
  behind: string,
  options: { firstId?: number; seconds?: number; queued?: boolean; waits?: Partial<LockWait> } = {},
): Member[] {
  const { firstId = 9000, seconds = 38, queued = false, waits = {} } = options;
  return Array.from({ length: count }, (_, index) => ({
    who: aRunning(firstId + index, seconds, { application: "web", waitEvent: "Lock:relation" }),
    behind,
    queued,
    waits: { waitSeconds: seconds, queuePosition: index + 1, ...waits },
  }));
}
