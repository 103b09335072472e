import * as z from "zod";
import { SqlError } from "../../errors.ts";
import type { SqlSession } from "../../ports.ts";
import { sqlLiteral } from "../../text/sql-literal.ts";
import { ownUsers, type Way } from "./node-way.ts";

/** AWS's own and the server's. They write nothing of an application, and replication goes by one of them. */
const servers = [
  ...["rdsadmin", "rdsrepladmin", "rdstopmgr", "rdsproxyadmin", "event_scheduler", "system user"],
  ...["unauthenticated user", "mysql.sys", "mysql.session", "mysql.infoschema", "mariadb.sys"],
];

/** Whose sessions and accounts are left alone, as a list for IN. */
export function sparedUsers(way: Way, session: SqlSession): string {
  const [, self] = /^'((?:[^']|'')*)'@/.exec(session.server.account ?? "") ?? [];
  const own = [...servers, ...ownUsers(way), ...(self === undefined ? [] : [self.replaceAll("''", "'")])];
  return own.map((user) => sqlLiteral(user, "mysql")).join(", ");
}

/** Sessions of clients; one that rolls back after its kill is there until it has. */
export function mysqlClients(spared: string): string {
  return `information_schema.PROCESSLIST p WHERE p.ID <> CONNECTION_ID() AND p.USER NOT IN (${spared})
    AND p.COMMAND NOT LIKE 'Binlog Dump%' AND p.COMMAND <> 'Daemon'`;
}

/** Refused without PROCESS, where the list of sessions shows one's own and says nothing. MySQL and MariaDB. */
const seesSessions = "SELECT COUNT(*) AS sees FROM information_schema.INNODB_CMP";

/** Asked before anybody is locked: a refusal has done nothing. */
export async function mustSeeSessions(session: SqlSession, signal: AbortSignal): Promise<void> {
  try {
    await session.query({ sql: seesSessions }, signal);
  } catch (error) {
    if (!(error instanceof SqlError) || error.kind !== "permission") throw error;
    const account = session.server.account ?? "the acting user";
    const says = `nothing was fenced: the acting user does not see the sessions it would have to end; GRANT PROCESS ON *.* TO ${account}; (responder grants --failover)`;
    throw new SqlError("permission", "ER_SPECIFIC_ACCESS_DENIED_ERROR", says);
  }
}

const idSchema = z.object({ id: z.coerce.number().int() });
const maxRounds = 8;

/** By the procedure of RDS, by KILL where there is none; who is left after some rounds the next look counts. */
export async function endClients(session: SqlSession, spared: string, signal: AbortSignal): Promise<void> {
  for (let round = 0; round < maxRounds; round += 1) {
    const sql = `SELECT p.ID AS id FROM ${mysqlClients(spared)}`;
    const left = z.array(idSchema).parse(await session.query({ sql }, signal));
    if (left.length === 0) return;
    for (const { id } of left) await kill(session, id, signal);
    await session.query({ sql: "SELECT SLEEP(0.1)" }, signal);
  }
}

async function kill(session: SqlSession, id: number, signal: AbortSignal): Promise<void> {
  try {
    await session.query({ sql: `CALL mysql.rds_kill(${id})` }, signal);
  } catch (error) {
    if (isGone(error)) return;
    if (!(error instanceof SqlError) || !["missing-object", "permission"].includes(error.kind)) throw error;
    await session.query({ sql: `KILL ${id}` }, signal).catch((again: unknown) => {
      if (!isGone(again)) throw again;
    });
  }
}

function isGone(error: unknown): boolean {
  return error instanceof SqlError && error.kind === "no-such-session";
}
