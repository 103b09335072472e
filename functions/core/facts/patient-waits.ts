import type { Session } from "../contract/session.ts";
import type { ConnectionGroup } from "../probes/rows.ts";
import { withoutLeadingComments } from "../text/statement-parts.ts";
import { tableIn } from "../text/table-in.ts";
import { type LockGraph, type LockMember, subtree } from "./lock-graph.ts";
import { isMany } from "./severity.ts";
import type { View } from "./view.ts";

/**
 * Waits that are meant to be long. CREATE INDEX CONCURRENTLY and its like wait for every transaction that may still see
 * the old state, by its virtual transaction. Advisory and named locks are asked for to stand by: for the leader to
 * fail, for the other run of a job to end. That is how they work, for days if need be.
 * https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
 * https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
 * https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html
 */
export function waitsPatiently(member: LockMember): boolean {
  return waitsForOlderTransactions(member) || member.waitsFor?.objectKind === "advisory";
}

function waitsForOlderTransactions({ waitsFor }: LockMember): boolean {
  return waitsFor?.objectKind === "transaction" && waitsFor.object.startsWith("virtual transaction ");
}

/** The same by its wait event, for a waiter that no forest shows. */
export function looksPatient({ waitEvent }: Session): boolean {
  return waitEvent !== null && /^(Lock\/(advisory|virtualxid)$|User lock)/i.test(waitEvent);
}

/** Nobody waits below this member but such a one. */
export function keepsOnlyPatientOnes(graph: LockGraph, { key, hidden }: LockMember): boolean {
  return hidden === 0 && subtree(graph, key).every((member) => waitsPatiently(member) && member.hidden === 0);
}

/** Its end would serve only those who stand by; whoever waits for these in turn waits for them, and not for it. */
export function isWaitedForOnPurpose(graph: LockGraph, { key }: LockMember): boolean {
  const direct = graph.children.get(key) ?? [];
  return direct.length > 0 && direct.every(({ waitsFor }) => waitsFor?.objectKind === "advisory");
}

/** A client stands by with one connection, or two while it is renewed. */
const standbysOfClient = 2;
/** On average: pools and workers of one host. */
const severalOfClient = 1.5;
const daySeconds = 86_400;

/** A lock for the length of a transaction is what a request takes. */
const ofTransaction = /advisory_xact_lock/i;

/**
 * So many who wait for a lock of a transaction, or so many of one user, several of each client, that it has few left for
 * anything else: they are requests, and none who stand by. An election has a standby for each of its clients, on a
 * connection kept for it, for days; behind a holder that hangs all requests grow old together.
 * @param holder whom they wait for; null where nobody saw that.
 */
export function areRequests(view: View, holder: Session | null, waiting: readonly Session[]): boolean {
  const { connections, server } = view;
  const many = (count: number): boolean => isMany(count, server?.maxConnections ?? null);
  const hungSeconds = holder === null ? 0 : seenHanging(holder);
  const behindIt = waiting.filter((one) => waitedOf(one) <= hungSeconds);
  const recent = waiting.filter((one) => waitedOf(one) < daySeconds || behindIt.includes(one));
  // Who leads works, or is idle since it took the lock, within a transaction where its driver begins one.
  const hungIn = holder?.state.startsWith("idle-in-transaction") && !takesLock(holder) ? behindIt : [];
  const ofTheirs = migrates(holder) ? [] : recent.filter(({ query }) => ofTransaction.test(query ?? ""));
  if (many(hungIn.length) || many(ofTheirs.length) || isOfAnother(holder, recent)) return true;
  if (isKept(view, holder, waiting)) return true;
  return [...Map.groupBy(recent, ({ user }) => user)].some(([user, sessions]) => {
    const has = countOf(connections, (group) => group.user === user);
    const clients = ofClients(sessions);
    const beyond = clients.reduce((sum, { length }) => sum + Math.max(0, length - standbysOfClient), 0);
    const several = sessions.length >= severalOfClient * clients.length;
    return many(sessions.length) && ((several && 2 * sessions.length >= has) || many(beyond));
  });
}

const severalWait = 3;
const leftSeconds = 5;

/**
 * Nobody of whoever waits leads by it, and several of one client do: a session of another application, that has been at
 * other work since it took the lock, as where a pooler gave the unlock to another of its sessions.
 * https://www.pgbouncer.org/features.html (session-level advisory locks)
 */
function isOfAnother(holder: Session | null, waiting: readonly Session[]): boolean {
  if (holder === null || holder.application === null || takesLock(holder) || migrates(holder)) return false;
  const longest = Math.max(0, ...waiting.map(waitedOf));
  // What goes from hand to hand nobody awaits for long; one of a transaction is not left; a job works under its own.
  const isLeft = longest >= leftSeconds && (holder.transactionSeconds ?? 0) < longest;
  if (!isLeft || waiting.some(({ query }) => ofTransaction.test(query ?? ""))) return false;
  const isOther = ({ application }: Session): boolean =>
    application !== null && application !== holder.application;
  // Who stands by for a leader does so with one connection, or two.
  return waiting.every(isOther) && ofClients(waiting).some(({ length }) => length >= severalWait);
}

/** MySQL counts whole seconds. */
const wholeSecond = 1;

/**
 * It worked on tables after it took the lock, and idles since before any of them asked, as the connection of a job that
 * died without its RELEASE_LOCK does: several of one client wait, most of what their application has. A leader that works
 * on this connection was at it since they came, or they ask anew, each after a short part of its rest.
 */
function isKept(
  { connections, thresholds }: View,
  holder: Session | null,
  waiting: readonly Session[],
): boolean {
  if (holder === null || !restsAfterWork(holder)) return false;
  const idle = (holder.stateSeconds ?? 0) + wholeSecond;
  const longest = Math.max(...waiting.map(waitedOf));
  if (idle <= thresholds.idleSessionSeconds || longest > Math.min(idle, daySeconds) || 2 * longest < idle)
    return false;
  // A leader's standbys are on other hosts, as a rule.
  const { client, application } = holder;
  const alike = waiting.filter((one) => one.client === client && one.application === application);
  const has = countOf(connections, (group) => group.application === application);
  return application !== null && alike.length >= severalWait && 2 * alike.length >= has;
}

/** The last that it did was other work. */
export function restsAfterWork(holder: Session): boolean {
  return holder.state === "idle" && !takesLock(holder) && tableIn(holder.query) !== null;
}

function ofClients(sessions: readonly Session[]): readonly (readonly Session[])[] {
  return [...Map.groupBy(sessions, ({ client, application }) => `${client} ${application}`).values()];
}

function countOf(groups: View["connections"], counts: (group: ConnectionGroup) => boolean): number {
  return (groups ?? []).filter(counts).reduce((sum, { count }) => sum + count, 0);
}

/** The same of the forest, of a lock that it has had as long as they wait: a session keeps it beyond its transactions. */
export function wasLeftBehind(graph: LockGraph, member: LockMember): boolean {
  const { session, longestWaitSeconds, key } = member;
  const waiting = subtree(graph, key).flatMap((one) => one.session ?? []);
  const wasThere = (session?.sessionSeconds ?? 0) > (longestWaitSeconds ?? Number.POSITIVE_INFINITY);
  return isWaitedForOnPurpose(graph, member) && wasThere && isOfAnother(session, waiting);
}

/** The last that it did was to ask for such a lock. */
function takesLock({ query }: Session): boolean {
  return /\b(?:pg_(?:try_)?advisory_lock|get_lock)\w* ?\(/i.test(query ?? "");
}

const migration = /^(?:create|alter|drop|comment|grant|reindex|vacuum|do)\b/i;
/** Between two statements of one; for longer, and it hangs. */
const betweenSeconds = 60;

/** One of many that start migrates, and the others stand by. */
function migrates(holder: Session | null): boolean {
  if (holder === null || !migration.test(withoutLeadingComments(holder.query ?? ""))) return false;
  return holder.state === "active" || (holder.stateSeconds ?? betweenSeconds) < betweenSeconds;
}

function waitedOf({ statementSeconds }: Session): number {
  return statementSeconds ?? 0;
}

/** How long it has been at one statement, or idle within its transaction. */
function seenHanging({ state, statementSeconds, stateSeconds }: Session): number {
  if (state === "active") return statementSeconds ?? 0;
  return state.startsWith("idle-in-transaction") ? (stateSeconds ?? 0) : 0;
}
