import * as z from "zod";
import type { Target } from "../../contract/target.ts";
import { type DatabaseWorld, defineDatabaseAction, defineOffer } from "../define.ts";
import { refuse } from "../signals/refuse.ts";
import { impatient } from "../statements/object-statement.ts";
import { runsStatement } from "../statements/run-statement.ts";
import type { Check, Verdict } from "../steps.ts";

const inputSchema = z.strictObject({ of: z.literal("statements") });
type ResetInput = z.infer<typeof inputSchema>;

/** A12: empties the statistics of statements, all of them. */
export const resetStatisticsOffer = defineOffer({
  id: "reset-statement-statistics",
  spec: ["A12", "A40"],
  title: "Empty the statement statistics",
  risk: "irreversible",
  asksAlways: true,
  engines: ["postgres", "mysql", "mariadb"],
  input: inputSchema,
  undo: null,
  preview: statementOf,
  describes: () => "Empties the statement statistics",
  key: () => "reset-statement-statistics",
});

/**
 * https://www.postgresql.org/docs/current/pgstatstatements.html#PGSTATSTATEMENTS-FUNCS
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-statement-summary-tables.html
 */
function statementOf(_input: ResetInput, { engine }: Pick<Target, "engine">): string {
  return engine === "postgres"
    ? "SELECT pg_stat_statements_reset()"
    : "TRUNCATE TABLE performance_schema.events_statements_summary_by_digest";
}

const drop = "GRANT DROP ON performance_schema.events_statements_summary_by_digest TO {user}";

export const resetStatistics = /* @__PURE__ */ defineDatabaseAction(
  resetStatisticsOffer,
  /* @__PURE__ */ runsStatement({
    what: "reset of the statement statistics",
    grants: { postgres: [], mysql: [drop], mariadb: [drop] },
    lockSeconds: impatient,
    longestSeconds: 30,
    sql: statementOf,
    check,
    proves,
    foundAgain: "by-time",
    sends,
  }),
);

/** So young that it is the same order's, given twice. */
const justNowSeconds = 60;
const postgresSchema = z.object({
  may: z.boolean(),
  procedure: z.string(),
  call: z.string(),
  info: z.string().nullable(),
});

/**
 * The extension's own, by pg_depend and never by search_path: whoever may create in its schema could slip a function
 * under ours. Every argument is given with its type, so that no other of that name fits better; with one that fits as
 * well the server refuses the call.
 * https://www.postgresql.org/docs/current/typeconv-func.html
 */
const postgresSql = `with own as (select d.classid, d.objid from pg_catalog.pg_extension e
  join pg_catalog.pg_depend d on d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
    and d.refobjid = e.oid and d.deptype = 'e' where e.extname = 'pg_stat_statements')
select p.oid::regprocedure::text as procedure, has_function_privilege(current_user, p.oid, 'EXECUTE') as may,
  format('%I.%I(%s)', n.nspname, p.proname, (select string_agg(
      case when t = 'bool'::regtype then 'false' else '0' end || '::pg_catalog.' || y.typname, ', ' order by k)
    from unnest(p.proargtypes) with ordinality as a(t, k) join pg_catalog.pg_type y on y.oid = t)) as call,
  (select c.oid::regclass::text from own join pg_catalog.pg_class c on c.oid = own.objid
    where own.classid = 'pg_catalog.pg_class'::regclass and c.relname = 'pg_stat_statements_info') as info
from own join pg_catalog.pg_proc p on p.oid = own.objid join pg_catalog.pg_namespace n on n.oid = p.pronamespace
where own.classid = 'pg_catalog.pg_proc'::regclass and p.proname = 'pg_stat_statements_reset' limit 1`;
type Found = z.infer<typeof postgresSchema>;

async function lookAtPostgres({ session, signal }: DatabaseWorld): Promise<Found | null> {
  const [row] = await session.query({ sql: postgresSql }, signal);
  return row === undefined ? null : postgresSchema.parse(row);
}

async function sends(world: DatabaseWorld, input: ResetInput): Promise<string> {
  const found = world.target.engine === "postgres" ? await lookAtPostgres(world) : null;
  return found === null ? statementOf(input, world.target) : `SELECT ${found.call}`;
}

/** Told from 1.9 of the extension on. https://www.postgresql.org/docs/current/pgstatstatements.html#PGSTATSTATEMENTS-PG-STAT-STATEMENTS-INFO */
async function emptiedSecondsAgo(
  { session, signal }: DatabaseWorld,
  { info }: Found,
): Promise<number | null> {
  if (info === null) return null;
  const sql = `select extract(epoch from clock_timestamp() - stats_reset) as seconds from ${info}`;
  const [row] = await session.query({ sql }, signal);
  return z.object({ seconds: z.coerce.number().nullable() }).parse(row).seconds;
}

async function check(world: DatabaseWorld): Promise<Check> {
  if (world.target.engine !== "postgres") {
    return (await olderDigests(world, justNowSeconds)) > 0
      ? { kind: "go", says: "There are statistics from before." }
      : { kind: "already-done", says: "Nothing that is older than a minute is counted." };
  }
  const found = await lookAtPostgres(world);
  if (found === null)
    return refuse(
      "no-such-object",
      "pg_stat_statements is not to be seen in this database.",
      "Give the order for the database in which the extension is.",
    );
  if (!found.may)
    return refuse(
      "grant-missing",
      "The acting user may not reset pg_stat_statements.",
      `GRANT EXECUTE ON FUNCTION ${found.procedure} TO the acting user.`,
    );
  const seconds = await emptiedSecondsAgo(world, found);
  return seconds !== null && seconds < justNowSeconds
    ? { kind: "already-done", says: `They were emptied ${Math.round(seconds)} s ago.` }
    : { kind: "go", says: "There are statistics from before." };
}

async function olderDigests({ session, signal }: DatabaseWorld, seconds: number): Promise<number> {
  const sql = `SELECT COUNT(*) AS older FROM performance_schema.events_statements_summary_by_digest
WHERE FIRST_SEEN < NOW() - INTERVAL ? SECOND`;
  const [row] = await session.query({ sql, params: [seconds] }, signal);
  return z.object({ older: z.coerce.number() }).parse(row).older;
}

async function proves(world: DatabaseWorld, _input: ResetInput, withinSeconds: number): Promise<Verdict> {
  const found = world.target.engine === "postgres" ? await lookAtPostgres(world) : null;
  const seconds = found === null ? null : await emptiedSecondsAgo(world, found);
  const empty =
    world.target.engine === "postgres"
      ? seconds !== null && seconds <= withinSeconds
      : (await olderDigests(world, withinSeconds)) === 0;
  return empty
    ? { kind: "verified", says: "The statistics are counted anew." }
    : { kind: "not-verified", says: "There are statistics from before still." };
}
