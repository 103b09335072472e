import { setTimeoutOffer, timeoutSettings } from "../actions/database/set-timeout.ts";
import { propose } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import { protectedName } from "../facts/protected.ts";
import { settingsOf } from "../facts/settings-facts.ts";
import type { View } from "../facts/view.ts";
import { postgresTopStatementsRows } from "../probes/postgres/top-statements/top-statements-rows.ts";
import { compare } from "../text/compare.ts";
import { postgresIdentifier } from "../text/sql-names.ts";
import { isMeantOtherwise, limitMs } from "../text/time-limit.ts";
import { duration, list, plural } from "../text/wording.ts";

const limitSeconds = 60;
const limit = `${limitSeconds}s`;
/** What the responder's sessions are called, by their adapter. */
const ownName = "rds-responder";

/** A6. https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-IDLE-IN-TRANSACTION-SESSION-TIMEOUT */
export function limitPostgresIdleTransactions(
  view: View,
  user: string | null,
  seconds: number,
): readonly ProposedAction[] {
  if (user === null) return [];
  const role = postgresIdentifier(user);
  const setting = "idle_in_transaction_session_timeout";
  const own = ownLimit(view, user, setting);
  const input = { of: "role", name: user, setting, value: `${seconds}s`, ...own } as const;
  if (isMeant(own, input.value)) return [];
  return [
    propose(setTimeoutOffer, input, view.evidence.target, {
      frees: null,
      describes: `a limit of ${duration(seconds)} for transactions of role ${user} that do nothing${inPlace(own)}`,
      consequence: `Applies to sessions that begin after it${sharedBy(view, user)}. An application that pauses longer inside a transaction is then disconnected and its work rolls back. ${undo(role, setting)}`,
    }),
  ];
}

/** What the role has for itself; null is nothing. Without `from` it was not seen, or is written in a way of its own. */
interface OwnLimit {
  readonly from?: string | null;
}
/** As many as the probe reads: of more it says nothing. */
const mostOverrides = 20;

function ownLimit(view: View, role: string, setting: string): OwnLimit {
  const overrides = settingsOf(view)?.overrides(setting);
  if (overrides === undefined) return {};
  const begins = `${role}@*=`;
  const own = overrides.find((one) => one.startsWith(begins))?.slice(begins.length);
  if (own === undefined) return overrides.length < mostOverrides ? { from: null } : {};
  return limitMs(own) === null ? {} : { from: own };
}

/** A shorter one has not kept it from happening, and none was set on purpose. */
function isMeant({ from }: OwnLimit, wanted: string): boolean {
  return typeof from === "string" && isMeantOtherwise(from, wanted);
}

function inPlace({ from }: OwnLimit): string {
  return typeof from === "string" ? `, in place of its own of ${from}` : "";
}

/** https://www.postgresql.org/docs/current/sql-alterrole.html */
const whoMay = "From PostgreSQL 16 on it takes who made the role, or was given ADMIN on it.";

/** https://www.postgresql.org/docs/current/catalog-pg-db-role-setting.html */
function undo(role: string, setting: string): string {
  return `${whoMay} A limit of its own for one database (ALTER ROLE … IN DATABASE) wins over it. Read first what the role has now (psql: \\drds ${role}). Undo: that again, or where there was none ALTER ROLE ${role} RESET ${setting}`;
}

/** A6, for the role that an application signs in with: whom to limit must be known, or there is no statement. */
export function setPostgresLimit(
  view: View,
  { name, what }: { readonly name: string; readonly what: string },
): readonly ProposedAction[] {
  const role = busiestRole(view);
  const setting = timeoutSettings.find((one) => one === name);
  if (role === null || setting === undefined || hasProtected(view, role)) return [];
  if (setting === "statement_timeout" && mayNeedLonger(view, role)) return [];
  const own = ownLimit(view, role, setting);
  if (isMeant(own, limit)) return [];
  const input = { of: "role", name: role, setting, value: limit, ...own } as const;
  return [
    propose(setTimeoutOffer, input, view.evidence.target, {
      frees: null,
      describes: `a limit of ${limit} for ${what} of role ${role}${inPlace(own)}`,
      consequence: `New sessions only${sharedBy(view, role)}. What takes longer on purpose fails: exempt the roles of reports and maintenance. ${undo(postgresIdentifier(role), name)}`,
    }),
  ];
}

/** A role's limit holds for whatever signs in with it. */
function sharedBy({ connections }: View, role: string): string {
  const own = (connections ?? []).filter(({ user }) => user === role);
  const applications = [
    ...new Set(own.map(({ application }) => application ?? "one without a name")),
  ].toSorted(compare);
  const more = applications.length - mostNamed;
  const named = [...applications.slice(0, mostNamed), ...(more > 0 ? [plural(more, "other")] : [])];
  return applications.length > 1 ? `, of every application of the role (now ${list(named)})` : "";
}

const mostNamed = 4;

/** A backup or its like signs in with it, too. */
function hasProtected({ connections, policy }: View, role: string): boolean {
  return (connections ?? []).some(
    ({ user, application }) =>
      user === role && protectedName("application", application, policy.protectedApplications) !== null,
  );
}

/** Some statement of the role has taken longer, or takes longer now, or what it runs could not be seen. */
function mayNeedLonger(view: View, role: string): boolean {
  const counted = view.rows(postgresTopStatementsRows);
  if (counted === null || view.sessions === null) return true;
  return (
    counted.some(({ user, sinceReset }) => user === role && sinceReset.maxSeconds >= limitSeconds) ||
    view.sessions.some(
      ({ user, statementSeconds }) => user === role && (statementSeconds ?? 0) >= limitSeconds,
    )
  );
}

/** The role with the most connections that nobody protects; the responder's own sessions are there to look, no load. */
function busiestRole({ connections, policy }: View): string | null {
  const counts = new Map<string, number>();
  for (const { user, application, count } of connections ?? []) {
    if (
      user === null ||
      application === ownName ||
      protectedName("user", user, policy.protectedUsers) !== null
    )
      continue;
    counts.set(user, (counts.get(user) ?? 0) + count);
  }
  const [first] = [...counts].toSorted(([a, m], [b, n]) => n - m || compare(a, b));
  return first?.[0] ?? null;
}
