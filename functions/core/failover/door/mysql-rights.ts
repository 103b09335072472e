import * as z from "zod";
import { SqlError } from "../../errors.ts";
import type { SqlSession } from "../../ports.ts";

/** No server has counted its sessions so far: the procedure is asked, and nobody is hit. */
const nobody = 9_007_199_254_740_991;

/** Asked before anybody is locked: a refusal has done nothing. */
export async function mustEndSessions(session: SqlSession, signal: AbortSignal): Promise<void> {
  if ((await mayCallProcedure(session, signal)) || (await mayKill(session, signal))) return;
  const account = session.server.account ?? "the acting user";
  const says = `nothing was fenced: the acting user may not end the sessions of others; GRANT EXECUTE ON PROCEDURE mysql.rds_kill TO ${account}; (responder grants --failover)`;
  throw new SqlError("permission", "ER_SPECIFIC_ACCESS_DENIED_ERROR", says);
}

async function mayCallProcedure(session: SqlSession, signal: AbortSignal): Promise<boolean> {
  try {
    await session.query({ sql: `CALL mysql.rds_kill(${nobody})` }, signal);
    return true;
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    if (error.kind === "no-such-session") return true;
    if (error.kind === "missing-object" || error.kind === "permission") return false;
    throw error;
  }
}

const roleSchema = z.object({ role: z.string().nullable() });

/**
 * Where there is no procedure. MySQL says what a role gives only where it is named; MariaDB adds that of the current one.
 * https://dev.mysql.com/doc/refman/8.4/en/show-grants.html https://mariadb.com/kb/en/show-grants/
 */
async function mayKill(session: SqlSession, signal: AbortSignal): Promise<boolean> {
  const [row] = await session.query({ sql: "SELECT CURRENT_ROLE() AS role" }, signal);
  const { role } = roleSchema.parse(row);
  const named = session.server.engine === "mysql" && role !== null && role !== "NONE";
  const sql = named ? `SHOW GRANTS FOR CURRENT_USER() USING ${role}` : "SHOW GRANTS";
  const grants = (await session.query({ sql }, signal)).flatMap((grant) => Object.values(grant));
  return grants.some((grant) => typeof grant === "string" && everywhere.test(grant));
}

const everywhere = /^GRANT (ALL PRIVILEGES|(.*, ?)?(SUPER|CONNECTION[_ ]ADMIN)(,.*)?) ON \*\.\* /;
