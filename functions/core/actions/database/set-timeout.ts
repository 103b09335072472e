import * as z from "zod";
import { isMeantBy } from "../../text/name-pattern.ts";
import { postgresIdentifier } from "../../text/sql-names.ts";
import { isMeantOtherwise, isSameLimit } from "../../text/time-limit.ts";
import { type DatabaseWorld, defineDatabaseAction, defineOffer } from "../define.ts";
import { refuse } from "../signals/refuse.ts";
import { impatient } from "../statements/object-statement.ts";
import { runsStatement } from "../statements/run-statement.ts";
import { reachText } from "../statements/timeout-reach.ts";
import type { Check, TakesBack, Verdict } from "../steps.ts";

/** As PostgreSQL takes and shows it; 0 is no limit. */
const valueSchema = z.string().regex(/^\d{1,9} ?(?:us|ms|s|min|h|d)?$/);

export const timeoutSettings = [
  "statement_timeout",
  "idle_in_transaction_session_timeout",
  "lock_timeout",
] as const;

const inputSchema = z.strictObject({
  of: z.enum(["role", "database"]),
  name: z.string().min(1),
  setting: z.enum(timeoutSettings),
  /** Null: takes it away, so that the server's own holds again. */
  value: valueSchema.nullable(),
  /** Only while it is this. Absent: while nobody has set a shorter one, or none on purpose. */
  from: valueSchema.nullable().exactOptional(),
});
type TimeoutInput = z.infer<typeof inputSchema>;

/** A6 on PostgreSQL; on MySQL and MariaDB it is a parameter of the whole server, and AWS's. */
export const setTimeoutOffer = defineOffer({
  id: "set-timeout",
  spec: ["A6", "A40"],
  title: "Set the time limit",
  risk: "disruptive",
  asksAlways: true,
  engines: ["postgres"],
  input: inputSchema,
  undo: "Set it to what it was, or take it away.",
  preview: statementOf,
  describes: ({ of, name, setting, value }) =>
    `Sets ${setting} of ${of} ${name} to ${value ?? "the server's own"}, for sessions that begin after it`,
  key: (input) => `set-timeout ${statementOf(input)}`,
});

/** https://www.postgresql.org/docs/current/sql-alterrole.html, https://www.postgresql.org/docs/current/sql-alterdatabase.html */
function statementOf({ of, name, setting, value }: TimeoutInput): string {
  const what = `ALTER ${of === "role" ? "ROLE" : "DATABASE"} ${postgresIdentifier(name)}`;
  return value === null ? `${what} RESET ${setting}` : `${what} SET ${setting} = '${value}'`;
}

export const setTimeoutAction = /* @__PURE__ */ defineDatabaseAction(
  setTimeoutOffer,
  /* @__PURE__ */ runsStatement({
    what: "change of the time limit",
    grants: { postgres: [], mysql: [], mariadb: [] },
    lockSeconds: impatient,
    longestSeconds: 30,
    sql: statementOf,
    check,
    proves,
    undoes,
    undoesFound,
    isUntouched: "by-nothing",
  }),
);

const foundSchema = z.object({
  may: z.boolean(),
  superuser: z.boolean(),
  own: z.boolean(),
  value: z.string().nullable(),
});
type Found = z.infer<typeof foundSchema>;

/** Up to 15 CREATEROLE is enough for who is no superuser; from 16 on it takes ADMIN on the role. */
const roleSql = `select r.rolsuper as superuser, r.rolname = current_user as own, (me.rolsuper or r.rolname = current_user
    or (me.rolcreaterole and not r.rolsuper and (current_setting('server_version_num')::int < 160000
      or pg_has_role(current_user, r.oid, 'MEMBER WITH ADMIN OPTION')))) as may,
  (select split_part(c, '=', 2) from pg_catalog.pg_db_role_setting s, unnest(s.setconfig) c
    where s.setrole = r.oid and s.setdatabase = 0 and split_part(c, '=', 1) = $2) as value
from pg_catalog.pg_roles r, pg_catalog.pg_roles me where r.rolname = $1 and me.rolname = current_user`;
const databaseSql = `select false as superuser, false as own, pg_has_role(current_user, d.datdba, 'USAGE') as may,
  (select split_part(c, '=', 2) from pg_catalog.pg_db_role_setting s, unnest(s.setconfig) c
    where s.setrole = 0 and s.setdatabase = d.oid and split_part(c, '=', 1) = $2) as value
from pg_catalog.pg_database d where d.datname = $1`;

async function lookAt({ session, signal }: DatabaseWorld, input: TimeoutInput): Promise<Found | null> {
  const sql = input.of === "role" ? roleSql : databaseSql;
  const [row] = await session.query({ sql, params: [input.name, input.setting] }, signal);
  return row === undefined ? null : foundSchema.parse(row);
}

async function check(world: DatabaseWorld, input: TimeoutInput): Promise<Check> {
  const { of, name, setting, value } = input;
  const found = await lookAt(world, input);
  if (found === null)
    return refuse("no-such-object", `There is no ${of} ${name} any more.`, "Nothing to release.");
  const untouchable = protectedFrom(world, input, found);
  if (untouchable !== null) return untouchable;
  if (isSameLimit(found.value, value))
    return { kind: "already-done", says: `${setting} of ${of} ${name} is ${shown(value)} already.` };
  const meant = meantOtherwise(input, found.value);
  if (meant !== null) return meant;
  const reach = await reachText(world, input);
  return { kind: "go", says: `${setting} of ${of} ${name} is ${shown(found.value)}.${reach}` };
}

function protectedFrom({ guards }: DatabaseWorld, input: TimeoutInput, found: Found): Check | null {
  const { of, name } = input;
  const entry = of === "role" ? guards.protectedUsers.find((one) => isMeantBy(one, name)) : undefined;
  if (entry !== undefined || found.superuser || found.own)
    return refuse(
      "protected-user",
      `Role ${name} is ${found.own ? "the responder's own" : found.superuser ? "a superuser" : "protected"}: its statements are not limited.`,
      "A person sets it, who knows what that role does.",
    );
  if (found.may) return null;
  return refuse(
    "grant-missing",
    `The acting user may not change ${of} ${name}.`,
    of === "role"
      ? `GRANT ${postgresIdentifier(name)} TO the acting user WITH ADMIN OPTION and give it CREATEROLE; or who made the role runs the statement that is shown.`
      : "GRANT the database's owner TO the acting user; or its owner runs the statement that is shown.",
  );
}

/** What somebody has set for itself is not overwritten unseen. */
function meantOtherwise({ of, name, setting, value, from }: TimeoutInput, now: string | null): Check | null {
  if (from !== undefined && !isSameLimit(now, from))
    return refuse(
      "changed-since",
      `${setting} of ${of} ${name} is ${shown(now)}, and was ${shown(from)}: somebody has changed it since.`,
      "A person decides which of the two is meant.",
    );
  if (from !== undefined || now === null || value === null || !isMeantOtherwise(now, value)) return null;
  return refuse(
    "set-on-purpose",
    `${setting} of ${of} ${name} is ${now}: somebody has set no limit, or a shorter one, on purpose.`,
    `A person decides which of the two is meant; the order that overwrites it has "from": "${now}".`,
  );
}

function shown(value: string | null): string {
  return value ?? "not set";
}

async function proves(world: DatabaseWorld, input: TimeoutInput): Promise<Verdict> {
  const found = await lookAt(world, input);
  const says = `${input.setting} of ${input.of} ${input.name} is ${shown(found?.value ?? null)}.`;
  return found !== null && isSameLimit(found.value, input.value)
    ? {
        kind: "verified",
        says: `${says} Sessions that are open keep what they had.${await reachText(world, input)}`,
      }
    : { kind: "not-verified", says };
}

/** What somebody has written there before may be no plain number: then it is left to a person. */
async function undoes(world: DatabaseWorld, input: TimeoutInput): Promise<TakesBack> {
  const found = await lookAt(world, input);
  const before = { ...input, value: found?.value ?? null, from: input.value };
  const undo = inputSchema.safeParse(before);
  return found !== null && undo.success ? { actionId: setTimeoutOffer.id, input: undo.data } : null;
}

/** What it was is overwritten: only an order that names it says so. */
async function undoesFound(_world: DatabaseWorld, input: TimeoutInput): Promise<TakesBack> {
  const { from } = input;
  return from === undefined || isSameLimit(from, input.value)
    ? null
    : { actionId: setTimeoutOffer.id, input: { ...input, value: from, from: input.value } };
}
