import * as z from "zod";
import { ResponderError, SqlError } from "../../errors.ts";
import type { SqlSession } from "../../ports.ts";
import { sqlLiteral } from "../../text/sql-literal.ts";
import { mustEndSessions } from "./mysql-rights.ts";
import { endClients, mustSeeSessions, sparedUsers } from "./mysql-sessions.ts";
import type { Way } from "./node-way.ts";

/**
 * Accounts are seen through a view that the grant script makes, without their passwords; those that the fence locked
 * stand in a table beside it, which is replicated: one that somebody else has locked stays locked.
 */
const accountSchema = z.object({ user: z.string(), host: z.string() });
type Account = z.infer<typeof accountSchema>;

export function openAccounts(spared: string): string {
  return `rds_responder.accounts a WHERE a.locked = 0 AND a.user NOT IN (${spared})`;
}

/** Twice is as once. A server that is read-only takes no writes anyhow, and would keep no table either. */
export async function fenceMysql(session: SqlSession, way: Way, signal: AbortSignal): Promise<void> {
  if (await isReadOnly(session, signal)) return;
  await mustSeeSessions(session, signal);
  await mustEndSessions(session, signal);
  const spared = sparedUsers(way, session);
  const sql = `SELECT a.user, a.host FROM ${openAccounts(spared)}`;
  const accounts = z.array(accountSchema).parse(await session.query({ sql }, signal));
  const refused: string[] = [];
  for (const account of accounts) {
    const params = [account.user, account.host];
    await session.query(
      { sql: "INSERT IGNORE INTO rds_responder.fenced (user, host) VALUES (?, ?)", params },
      signal,
    );
    if (await altered(session, account, "LOCK", signal)) continue;
    await forget(session, account, signal);
    refused.push(nameOf(account));
  }
  await endClients(session, spared, signal);
  denied("lock", refused, accounts);
}

export async function unfenceMysql(session: SqlSession, _way: Way, signal: AbortSignal): Promise<void> {
  if (await isReadOnly(session, signal)) return;
  const sql = "SELECT user, host FROM rds_responder.fenced";
  const accounts = z.array(accountSchema).parse(await session.query({ sql }, signal));
  const refused: string[] = [];
  for (const account of accounts) {
    if (await altered(session, account, "UNLOCK", signal)) await forget(session, account, signal);
    else refused.push(nameOf(account));
  }
  denied("unlock", refused, accounts);
}

async function forget(session: SqlSession, { user, host }: Account, signal: AbortSignal): Promise<void> {
  const sql = "DELETE FROM rds_responder.fenced WHERE user = ? AND host = ?";
  await session.query({ sql, params: [user, host] }, signal);
}

/** Refused is what did nothing; where some are locked by now, somebody has to unlock them again. */
function denied(verb: "lock" | "unlock", refused: readonly string[], of: readonly Account[]): void {
  if (refused.length === 0) return;
  const says = `the acting user may not ${verb} ${refused.join(", ")} (responder grants --failover)`;
  if (refused.length === of.length) {
    throw new SqlError("permission", "ER_SPECIFIC_ACCESS_DENIED_ERROR", says);
  }
  throw new ResponderError(`of ${of.length} accounts a part only: ${says}`);
}

async function isReadOnly(session: SqlSession, signal: AbortSignal): Promise<boolean> {
  const [row] = await session.query({ sql: "SELECT @@GLOBAL.read_only AS read_only" }, signal);
  return z.object({ read_only: z.coerce.number() }).parse(row).read_only === 1;
}

/** False where it may not be; an account that was dropped meanwhile keeps nobody waiting. */
async function altered(
  session: SqlSession,
  account: Account,
  how: "LOCK" | "UNLOCK",
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await session.query({ sql: `ALTER USER ${nameOf(account)} ACCOUNT ${how}` }, signal);
    return true;
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    if (error.code === "ER_CANNOT_USER") return true;
    if (error.kind === "permission") return false;
    throw error;
  }
}

function nameOf({ user, host }: Account): string {
  return `${sqlLiteral(user, "mysql")}@${sqlLiteral(host, "mysql")}`;
}
