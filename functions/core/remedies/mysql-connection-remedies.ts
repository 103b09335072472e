import { proposeManual } from "../actions/propose.ts";
import { killByHand } from "../actions/signals/processlist-kill.ts";
import { withLiterals } from "../actions/with-literals.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { Target } from "../contract/target.ts";
import type { ConnectionFamily } from "../facts/connection-families.ts";
import { protectedName } from "../facts/protected.ts";
import type { View } from "../facts/view.ts";
import type { ConnectionGroup } from "../probes/rows.ts";
import { outsideTransaction, transactionAlone } from "../text/kept-locks-sql.ts";
import { leasesNothing, sinceLastStatement } from "../text/last-statement-sql.ts";
import { duration } from "../text/wording.ts";
import { largestIdleFamily } from "./idle-family.ts";
import { endIdleGroup } from "./idle-session-remedies.ts";
import type { Owner } from "./owner.ts";
import { isLeftToPerson, untouchableBecause } from "./untouchable.ts";

/** What a person can read before pasting it; the next look names the next ones. */
const shownAtMost = 10;

/**
 * A3 on MySQL and MariaDB: each session of one application and user that is idle in a transaction for too long. Where
 * clients give no name, of one user and client: a user alone may be several services'.
 */
export function endMysqlIdleTransactions(view: View, of: Owner): readonly ProposedAction[] {
  const owner = of.application === null ? of : { ...of, client: null };
  const seconds = view.thresholds.idleInTransactionSeconds;
  const sessions = (view.sessions ?? [])
    .filter(({ application, user }) => application === owner.application && user === owner.user)
    .filter(({ client }) => owner.client === null || client === owner.client)
    .filter(({ state, stateSeconds }) => state === "idle-in-transaction" && (stateSeconds ?? 0) >= seconds)
    .filter((session) => untouchableBecause(session, view.policy) === null)
    .filter((session) => !isLeftToPerson(session, view.policy))
    .toSorted((a, b) => (b.stateSeconds ?? 0) - (a.stateSeconds ?? 0) || a.id - b.id);
  if (sessions.length === 0) return [];
  const consequence = `What these transactions have changed rolls back, and the application sees broken connections. ${oneByOne(view)} ${keptLocks} ${leases(view)} The cause, transactions that are begun and not finished, stays.`;
  const group = { overSeconds: seconds, count: sessions.length };
  return [
    ...endIdleGroup(view, { owner, state: "idle-in-transaction", ...group }),
    proposeManual({
      id: "end-idle-transactions",
      spec: ["A3"],
      risk: "disruptive",
      preview: endEach(
        view,
        sessions,
        `${stillIdle(seconds)}${provedIdle(view, seconds)} AND ${transactionAlone}${withoutLeases(view)}`,
      ),
      describes: `${countText(sessions.length)} of ${nameOf(owner)}, idle in transaction for over ${duration(seconds)}`,
      consequence,
    }),
  ];
}

/** A3 on MySQL and MariaDB: what sits idle for long, of the application, user and client that keeps most of it. */
export function freeMysqlIdleConnections(view: View): readonly ProposedAction[] {
  const seconds = view.thresholds.leakIdleSeconds;
  const idle = largestIdleFamily(view, mayEnd(view));
  const [owner] = idle?.family.groups ?? [];
  if (idle === null || owner === undefined) return [];
  const { count, family } = idle;
  const sessions = family.groups.flatMap(({ longestIdle = [] }) => longestIdle);
  const condition = `${stillIdle(seconds)} AND ${outsideTransaction}${notBusy(view, seconds)}`;
  const named = sessions.length > 0;
  const consequence = `Pools open new connections when they need them; an application that does not check its connections sees errors. ${named ? oneByOne(view) : "Who they are was not seen: this lists them, with the statement that ends each, and ends nobody."} ${keptLocks} The cause, a pool too large or a leak, stays.`;
  return [
    ...(family.names.length === 1
      ? endIdleGroup(view, { owner, state: "idle", overSeconds: seconds, count })
      : []),
    proposeManual({
      id: "free-idle-connections",
      spec: ["A3"],
      risk: "disruptive",
      preview: named ? endEach(view, sessions, condition) : listThem(view.evidence.target, family, condition),
      describes: `${named ? countText(sessions.length, count) : countText(count)} of ${familyName(owner, family)}, idle for over ${duration(seconds)}`,
      consequence,
    }),
  ];
}

function mayEnd({ policy }: View): (group: ConnectionGroup) => boolean {
  return ({ user, application }) =>
    user !== null &&
    protectedName("user", user, policy.protectedUsers) === null &&
    protectedName("application", application, policy.protectedApplications) === null;
}

function familyName(owner: Owner, { application, names }: ConnectionFamily): string {
  return names.length === 1
    ? nameOf(owner)
    : nameOf({ ...owner, application: `${application} (${names.length} names)` });
}

function nameOf({ application, user, client }: Owner): string {
  const from = client === null ? "" : ` from ${client}`;
  return `${application === null ? "" : `app ${application}, `}user ${user ?? "unknown"}${from}`;
}

function countText(count: number, of = count): string {
  const shown = Math.min(count, shownAtMost);
  return `${shown === of ? "" : `${shown} of `}${of} session${of === 1 ? "" : "s"}`;
}

interface Named {
  readonly id: number;
  /** user@host:port, which makes the id unrepeatable. */
  readonly sessionKey: string;
}

function stillIdle(seconds: number): string {
  return `p.COMMAND = 'Sleep' AND p.TIME >= ${seconds}`;
}

/** Within a transaction a short sleep is a program at work: what is not recorded ends nobody. */
function provedIdle({ evidence: { target } }: View, seconds: number): string {
  return target.engine === "mysql" ? ` AND ${sinceLastStatement} >= ${seconds}` : "";
}

/** Outside one a broken connection is all there is to lose: where nothing is recorded the list is enough. */
function notBusy({ evidence: { target } }: View, seconds: number): string {
  return target.engine === "mysql" ? ` AND COALESCE(${sinceLastStatement}, ${seconds}) >= ${seconds}` : "";
}

/** A worker's job is leased by its row, and would run twice. */
function withoutLeases({ evidence: { target } }: View): string {
  return target.engine === "mysql" ? ` AND ${leasesNothing}` : "";
}

function leases({ evidence: { target } }: View): string {
  return target.engine === "mysql"
    ? "Left alone, too, is whose last statement says SKIP LOCKED or NOWAIT, or is not recorded whole; a lease by CALL or EXECUTE is not seen, and its job would run twice."
    : "Whether they have leased rows (SKIP LOCKED, NOWAIT) is not seen on MariaDB: ask whose they are; the jobs of such workers would run twice.";
}

/** The instrument is off by default on MariaDB, and performance_schema on small classes of RDS. */
const keptLocks =
  "Who holds GET_LOCK, LOCK TABLES or a global read lock is left alone, but only where metadata locks are recorded (wait/lock/metadata/sql/mdl, with performance_schema on, since before they were taken): elsewhere it cannot be seen, and they go with their session.";

function endEach({ evidence: { target } }: View, sessions: readonly Named[], condition: string): string {
  return sessions
    .slice(0, shownAtMost)
    .flatMap((session) => endOne(target, session, condition))
    .join("\n");
}

/**
 * Named and judged again in the statement that ends it; 0 is no session's id. RDS and Aurora let a master user kill
 * others through the procedure only; KILL itself takes no subquery.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-stored-proc-ending.html
 * https://dev.mysql.com/doc/refman/8.4/en/kill.html
 */
function endOne(target: Target, { id, sessionKey }: Named, condition: string): readonly string[] {
  const from = `FROM information_schema.PROCESSLIST p WHERE p.ID = ? AND CONCAT(p.USER, '@', p.HOST) = ? AND ${condition}`;
  const params = [id, sessionKey];
  const statements =
    target.flavour === "self-managed"
      ? killByHand("KILL", "p.ID", { sql: from, params })
      : [{ sql: `CALL mysql.rds_kill(COALESCE((SELECT p.ID ${from}), 0))`, params }];
  return statements.map((statement) => `${withLiterals(statement, target.engine)};`);
}

/** Where the probe has not named them: evidence of before it did, or a group far down. */
function listThem(target: Target, { names, user, clients }: ConnectionFamily, condition: string): string {
  const called = names.filter((name) => name !== null);
  const [client = null] = clients;
  const { engine, flavour } = target;
  const kill = flavour === "self-managed" ? "'KILL ', p.ID, ';'" : "'CALL mysql.rds_kill(', p.ID, ');'";
  const from = client === null ? [] : [client, `${client}:`, `${client}:`];
  const sql = `SELECT CONCAT(${kill}) AS ends_it, p.USER, p.HOST, p.TIME FROM information_schema.PROCESSLIST p
LEFT JOIN performance_schema.session_connect_attrs a ON a.PROCESSLIST_ID = p.ID AND a.ATTR_NAME = 'program_name'
WHERE p.USER = ? AND a.ATTR_VALUE ${called.length === 0 ? "IS NULL" : `IN (${called.map(() => "?").join(", ")})`}${client === null ? "" : " AND (p.HOST = ? OR LEFT(p.HOST, CHAR_LENGTH(?)) = ?)"} AND ${condition}
ORDER BY p.TIME DESC LIMIT ${shownAtMost}`;
  const params = [user, ...called, ...from];
  return `${withLiterals({ sql, params }, engine)};`;
}

function oneByOne({ evidence: { target } }: View): string {
  return target.flavour === "self-managed"
    ? "Each is ended only while it is what it was."
    : "Each line ends one session while it is what it was, and else answers Unknown thread id: 0 and does nothing.";
}
