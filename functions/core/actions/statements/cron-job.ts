import * as z from "zod";
import { postgresIdentifier } from "../../text/sql-names.ts";
import type { DatabaseWorld } from "../define.ts";
import { refuse } from "../signals/refuse.ts";
import type { Check } from "../steps.ts";

/** A job of pg_cron as it was seen: whatever of it has changed since makes it another. */
export const cronJobShape = {
  jobId: z.number().int().positive(),
  /** Null: it has none. */
  name: z.string().nullable(),
  schedule: z.string().min(1),
  /** md5 of its command. */
  digest: z.string().regex(/^[0-9a-f]{32}$/),
  /** In which its command runs; the jobs themselves are all kept in one. */
  database: z.string().min(1),
  /** By whose rights it runs, and who alone may change it. */
  owner: z.string().min(1),
};
export type CronJob = z.infer<z.ZodObject<typeof cronJobShape>>;

/** Arguments of the extension's own, each with its type: no function that a stranger adds fits better. */
export const alterJob = "cron.alter_job(bigint,text,text,text,text,boolean)";

const siteSchema = z.object({
  version: z.string().nullable(),
  here: z.string(),
  kept_in: z.string().nullable(),
  replica: z.boolean(),
  /** Something of that name is there, and it is the extension's. */
  has_function: z.boolean(),
  own_function: z.boolean(),
  own_table: z.boolean(),
  may_become: z.boolean().nullable(),
  owner_may: z.boolean().nullable(),
});
type Site = z.infer<typeof siteSchema>;

/**
 * By the catalogue: to_regclass is refused where the schema may not be used. cron.database_name is shown to members of
 * pg_read_all_settings only. pg_has_role knows SET since 16.
 */
const siteSql = (major: number): string => `with own as (
  select d.classid, d.objid from pg_catalog.pg_extension e join pg_catalog.pg_depend d
    on d.refclassid = 'pg_catalog.pg_extension'::regclass and d.refobjid = e.oid and d.deptype = 'e' where e.extname = 'pg_cron')
select (select extversion from pg_catalog.pg_extension where extname = 'pg_cron') as version,
  current_database()::text as here, pg_is_in_recovery() as replica,
  (select setting from pg_catalog.pg_settings where name = 'cron.database_name') as kept_in,
  f.oid is not null as has_function,
  exists (select from own where classid = 'pg_catalog.pg_proc'::regclass and objid = f.oid)
    and (select lanname from pg_catalog.pg_language where oid = f.prolang) = 'c' as own_function,
  exists (select from own where classid = 'pg_catalog.pg_class'::regclass and objid = (
    select oid from pg_catalog.pg_class where relname = 'job' and relnamespace = n.oid)) as own_table,
  pg_has_role(current_user, r.oid, '${major >= 16 ? "SET" : "MEMBER"}') as may_become,
  has_schema_privilege(r.oid, n.oid, 'USAGE') and has_function_privilege(r.oid, f.oid, 'EXECUTE') as owner_may
from (values (1)) as one left join pg_catalog.pg_namespace n on n.nspname = 'cron'
  left join pg_catalog.pg_proc f on f.pronamespace = n.oid and f.proname = 'alter_job'
    and oidvectortypes(f.proargtypes) = 'bigint, text, text, text, text, boolean'
  left join pg_catalog.pg_roles r on r.rolname = $1`;

/**
 * Null: it can be asked for from here. What stands under the names of pg_cron must be pg_cron's own, or a stranger's code
 * would run as us; and on a standby, or where it is not loaded, alter_job does nothing and says nothing.
 * https://github.com/citusdata/pg_cron/blob/v1.6.7/src/job_metadata.c (AlterJob)
 */
export async function cannotAlter(
  { session, signal }: DatabaseWorld,
  { owner }: Pick<CronJob, "owner">,
): Promise<Check | null> {
  const [row] = await session.query({ sql: siteSql(session.server.major), params: [owner] }, signal);
  const site = siteSchema.parse(row);
  return notHere(site) ?? notOurs(site) ?? mayNot(site, owner);
}

function notHere({ version, here, kept_in, replica }: Site): Check | null {
  if (version === null)
    return refuse(
      "other-database",
      `pg_cron is not in database ${here}${kept_in === null ? "" : `: its jobs are kept in ${kept_in}`}.`,
      `Give the order for ${kept_in === null ? "the database that cron.database_name tells (pg_read_all_settings sees it; by default postgres)" : `database ${kept_in}`}, whatever database the job runs in.`,
    );
  return replica
    ? refuse(
        "replica",
        "This is a replica: it runs no jobs, and changes none.",
        "Give the order for the writer.",
      )
    : null;
}

function notOurs({ version, has_function, own_function, own_table }: Site): Check | null {
  if (!has_function)
    return refuse(
      "too-old",
      `pg_cron ${version} has no alter_job, which came with 1.4.`,
      "ALTER EXTENSION pg_cron UPDATE; or the job's owner unschedules it.",
    );
  return own_function && own_table
    ? null
    : refuse(
        "not-the-extension",
        `${own_table ? "cron.alter_job" : "cron.job"} is not the extension's own: it would run somebody's code.`,
        "A person looks whose it is, and what it does.",
      );
}

/** alter_job compares names: who is a member of the owner has to become the owner. */
function mayNot({ may_become, owner_may }: Site, owner: string): Check | null {
  const name = postgresIdentifier(owner);
  if (may_become !== true)
    return refuse(
      "not-the-owner",
      may_become === null
        ? `There is no role ${owner} any more.`
        : `The job belongs to ${owner}, who alone may change it, and the acting user is no member of that role.`,
      `GRANT ${name} TO the acting user, and GRANT EXECUTE ON FUNCTION ${alterJob} TO ${name}; or ${owner} runs the statement that is shown.`,
    );
  return owner_may === true
    ? null
    : refuse(
        "grant-missing",
        `${owner} may not call cron.alter_job, which nobody may unless it is granted.`,
        `GRANT USAGE ON SCHEMA cron TO ${name}; GRANT EXECUTE ON FUNCTION ${alterJob} TO ${name}.`,
      );
}

export const becomes = (owner: string): string => `SET ROLE ${postgresIdentifier(owner)}`;

const foundSchema = z.object({
  name: z.string().nullable(),
  schedule: z.string(),
  command: z.string(),
  digest: z.string(),
  database: z.string(),
  active: z.boolean(),
});
type Found = z.infer<typeof foundSchema>;

/** Row security shows nobody's but one's own: looked at as its owner. Null: there is none of that number. */
export async function lookAtJob(
  { session, signal }: DatabaseWorld,
  { jobId, owner }: Pick<CronJob, "jobId" | "owner">,
): Promise<Found | null> {
  const sql = `select jobname::text as name, schedule, command, md5(command) as digest, database, active
from cron.job where jobid = $1 and username = $2`;
  await session.query({ sql: becomes(owner) }, signal);
  try {
    const [row] = await session.query({ sql, params: [jobId, owner] }, signal);
    return row === undefined ? null : foundSchema.parse(row);
  } finally {
    // Whatever comes next on this session is not the owner's.
    await session.query({ sql: "RESET ROLE" }, signal);
  }
}

/** In words; null: it is as it was seen. */
export function changeOf(job: CronJob, found: Found): string | null {
  if (found.digest !== job.digest) return "its command is another";
  for (const what of ["name", "schedule", "database"] as const)
    if (found[what] !== job[what])
      return `its ${what} is ${found[what] ?? "none"}, and was ${job[what] ?? "none"}`;
  return null;
}
