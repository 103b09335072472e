import * as z from "zod";
import { ResponderError, SqlError } from "../../errors.ts";
import type { SqlSession } from "../../ports.ts";
import { sqlLiteral } from "../../text/sql-literal.ts";
import { postgresIdentifier } from "../../text/sql-names.ts";
import { ownUsers, type Way } from "./node-way.ts";

/**
 * Every database that clients could write to, with what keeps them out. What stood before the fence lies in the
 * comment: a setting of a name of our own would take a superuser.
 */
export const applicationDatabases = `select d.datname, d.datconnlimit as "limit", d.datconnlimit = 0 as closed,
    shobj_description(d.oid, 'pg_database') as comment,
    coalesce(shobj_description(d.oid, 'pg_database') ~ '\\(rds-responder fence: limit=-?[0-9]+ read_only=[a-z]+\\)$', false) as marked,
    (select regexp_replace(c, '^[^=]*=', '') from pg_db_role_setting s, unnest(s.setconfig) c
      where s.setdatabase = d.oid and s.setrole = 0 and c like 'default_transaction_read_only=%') as read_only_before,
    exists (select from pg_db_role_setting s, unnest(s.setconfig) c
      where s.setdatabase = d.oid and s.setrole = 0 and c = 'default_transaction_read_only=on') as read_only
  from pg_database d where d.datallowconn and d.datname not in ('template0', 'template1', 'rdsadmin')`;

/** Sessions of clients: not the responder's, not those of AWS, which belong to a superuser. */
export function postgresClients(own: string): string {
  return `pg_stat_activity a join pg_roles r on r.oid = a.usesysid
    where a.backend_type = 'client backend' and a.pid <> pg_backend_pid() and not r.rolsuper
      and a.usename <> current_user and a.usename <> all (${own})`;
}

/** Without it the kind of other users' sessions is null: they are there, and no count has them. */
export const seesSessions = "pg_has_role('pg_read_all_stats', 'usage')";

const databaseSchema = z.object({
  datname: z.string(),
  limit: z.number(),
  closed: z.boolean(),
  marked: z.boolean(),
  comment: z.string().nullable(),
  read_only_before: z.string().nullable(),
});
type Database = z.infer<typeof databaseSchema>;

const marker = / ?\(rds-responder fence: limit=(-?\d+) read_only=(\w+)\)$/;

/** Rounds of ending what is left; a session ends at its next look for interrupts, which a full disk can delay. */
const maxRounds = 8;

/**
 * Keeps clients out of a primary, and ends those that are in (fence-statements.ts). Twice is as once. A standby takes no
 * writes anyhow. Databases of other owners throw at the end: what could be closed is closed by then.
 */
export async function fencePostgres(session: SqlSession, way: Way, signal: AbortSignal): Promise<void> {
  const databases = await prepared(session, signal);
  if (databases === null) return;
  await mustEndSessions(session, signal);
  const refused = await each(databases, (database) => close(session, database, signal));
  await endClients(session, ownUsers(way), signal);
  // A commit that is waited for flushes whatever a client had committed without waiting.
  const first = databases.find(({ datname }) => !refused.includes(datname));
  if (first !== undefined) await close(session, { ...first, marked: true }, signal);
  denied(refused, databases);
}

export async function unfencePostgres(session: SqlSession, _way: Way, signal: AbortSignal): Promise<void> {
  const databases = await prepared(session, signal);
  if (databases === null) return;
  const marked = databases.filter((database) => database.marked);
  denied(await each(marked, (database) => open(session, database, signal)), marked);
}

const rightSchema = z.object({ sees: z.boolean(), ends: z.boolean(), user: z.string() });

/** Asked before anything is closed: a refusal has done nothing. */
async function mustEndSessions(session: SqlSession, signal: AbortSignal): Promise<void> {
  const ends = "pg_has_role('pg_signal_backend', 'usage')";
  const sql = `select ${seesSessions} as sees, ${ends} as ends, current_user::text as "user"`;
  const right = rightSchema.parse((await session.query({ sql }, signal))[0]);
  if (right.sees && right.ends) return;
  const grant = `GRANT pg_monitor, pg_signal_backend TO ${postgresIdentifier(right.user)};`;
  const lacks = right.sees ? "may not end" : "does not see";
  const says = `nothing was fenced: the acting user ${lacks} the sessions it would have to end; ${grant} (responder grants --failover)`;
  throw new SqlError("permission", "42501", says);
}

/** Null on a standby. A synchronous standby that is gone must not be waited for: the flush to our own disk counts. */
async function prepared(session: SqlSession, signal: AbortSignal): Promise<readonly Database[] | null> {
  const [row] = await session.query({ sql: "select pg_is_in_recovery() as standby" }, signal);
  if (z.object({ standby: z.boolean() }).parse(row).standby) return null;
  await session.query({ sql: "set synchronous_commit = local" }, signal);
  return z
    .array(databaseSchema)
    .parse(await session.query({ sql: `${applicationDatabases} order by 1` }, signal));
}

/** Names of those that the acting user does not own. */
async function each(
  databases: readonly Database[],
  what: (database: Database) => Promise<void>,
): Promise<readonly string[]> {
  const refused: string[] = [];
  for (const database of databases) {
    try {
      await what(database);
    } catch (error) {
      if (!(error instanceof SqlError) || error.kind !== "permission") throw error;
      refused.push(database.datname);
    }
  }
  return refused;
}

/** Refused is what did nothing; where some are closed by now, somebody has to open them again. */
function denied(refused: readonly string[], of: readonly Database[]): void {
  if (refused.length === 0) return;
  const says = `the acting user may not change ${refused.join(", ")}: it has to be a member of the owner (responder grants --failover)`;
  if (refused.length === of.length) throw new SqlError("permission", "42501", says);
  throw new ResponderError(`of ${of.length} databases a part only: ${says}`);
}

async function close(session: SqlSession, database: Database, signal: AbortSignal): Promise<void> {
  const { datname, limit, marked, comment, read_only_before: before } = database;
  const name = postgresIdentifier(datname);
  if (!marked) {
    const mark = `(rds-responder fence: limit=${limit} read_only=${before ?? "unset"})`;
    await run(session, commentOn(name, `${comment ?? ""} ${mark}`.trim()), signal);
  }
  await run(session, `alter database ${name} set default_transaction_read_only = on`, signal);
  await run(session, `alter database ${name} connection limit 0`, signal);
}

/** The mark goes last: what stops half-way is taken up again. A limit of 0 without a mark is somebody else's. */
async function open(session: SqlSession, database: Database, signal: AbortSignal): Promise<void> {
  const [mark = "", limit = "", before = ""] = marker.exec(database.comment ?? "") ?? [];
  if (mark === "") return;
  const name = postgresIdentifier(database.datname);
  const setting = "default_transaction_read_only";
  const readOnly =
    before === "unset" ? `reset ${setting}` : `set ${setting} = ${sqlLiteral(before, "postgres")}`;
  await run(session, `alter database ${name} ${readOnly}`, signal);
  await run(session, `alter database ${name} connection limit ${limit}`, signal);
  await run(session, commentOn(name, (database.comment ?? "").slice(0, -mark.length)), signal);
}

function commentOn(name: string, text: string): string {
  return `comment on database ${name} is ${text === "" ? "null" : sqlLiteral(text, "postgres")}`;
}

async function run(session: SqlSession, sql: string, signal: AbortSignal): Promise<void> {
  await session.query({ sql }, signal);
}

/** All at once, then each of those that are left with a moment to go; who is left after that the next look counts. */
async function endClients(session: SqlSession, own: readonly string[], signal: AbortSignal): Promise<void> {
  const params = [arrayOf(own)];
  const clients = postgresClients("$1::text[]");
  await session.query({ sql: `select pg_terminate_backend(a.pid) from ${clients}`, params }, signal);
  for (let round = 0; round < maxRounds; round += 1) {
    const sql = `select pg_terminate_backend(a.pid, 200) from ${clients} limit 4`;
    if ((await session.query({ sql, params }, signal)).length === 0) return;
  }
}

/** As an array is written in PostgreSQL. */
export function arrayOf(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replaceAll(/["\\]/g, "\\$&")}"`).join(",")}}`;
}
