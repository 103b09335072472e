import * as z from "zod";
import type { SqlRow } from "../../ports.ts";
import { shownQuery } from "../../text/normalise-query.ts";
import { defineProbe, type Need, type ProbeContext } from "../define.ts";
import { type CronRow, postgresCronJobsRows } from "./cron-jobs-rows.ts";
import { pgMonitor } from "./sight.ts";

/** Runs are kept for ever unless somebody deletes them, by number only: older ones are not looked through. */
const recentRuns = 5000;

const siteSchema = z.object({
  here: z.string(),
  kept_in: z.string().nullable(),
  installed: z.boolean(),
  may_look: z.boolean(),
  sees_runs: z.boolean(),
});
type Site = z.infer<typeof siteSchema>;

/** Row security of cron.job shows whoever is no superuser the own jobs only; a policy more shows all of them. */
const sight: Need = {
  kind: "grant",
  name: "a look at the jobs of pg_cron",
  enable:
    "GRANT USAGE ON SCHEMA cron TO {user}; CREATE POLICY {user}_sees ON cron.job FOR SELECT TO {user} USING (true); CREATE POLICY {user}_sees ON cron.job_run_details FOR SELECT TO {user} USING (true)",
  optional: "jobs of pg_cron, in the database that keeps them (cron.database_name); by their owner's word",
};

/** alter_job, which pauses one, came with 1.4, and its columns are then all there. */
const siteSql = `
  with cron as (select n.oid, (select oid from pg_class where relname = 'job' and relnamespace = n.oid) as job,
    (select oid from pg_class where relname = 'runid_seq' and relnamespace = n.oid) as seq,
    exists (select from pg_extension where extname = 'pg_cron'
      and string_to_array(split_part(extversion, '-', 1), '.')::int[] >= '{1,4}') as installed
    from (values (1)) as one left join pg_namespace n on n.nspname = 'cron')
  select current_database()::text as here, installed,
    (select setting from pg_settings where name = 'cron.database_name') as kept_in,
    coalesce(has_schema_privilege(cron.oid, 'USAGE') and has_table_privilege(job, 'SELECT'), false) as may_look,
    coalesce(has_sequence_privilege(seq, 'SELECT'), false) as sees_runs
  from cron`;

/** Its connections are clients of the server like any other, and anybody may take its name. */
const busySql = `select pid, backend_type <> 'pg_cron' as by_name, usename::text as owner, datname::text as database, backend_start, query,
    octet_length(query) >= pg_size_bytes(current_setting('track_activity_query_size')) - 4 as cut
  from pg_stat_activity where backend_type = 'pg_cron' or backend_type = 'client backend' and application_name = 'pg_cron'`;

/** Its session by the record of its run, or of a worker of its own by what it runs. */
function jobsSql({ sees_runs }: Site): string {
  const runs = sees_runs
    ? `select r.jobid, r.job_pid, r.start_time from cron.job_run_details r
    where r.runid > (select last_value from cron.runid_seq) - ${recentRuns} and r.end_time is null`
    : "select null::bigint as jobid, null::int as job_pid, null::timestamptz as start_time where false";
  return `
  with busy as materialized (${busySql}),
  runs as materialized (${runs}),
  known as (select b.*, r.jobid from busy b left join runs r on r.job_pid = b.pid and r.start_time > b.backend_start - interval '1 minute')
  select j.jobid::float8 as job_id, j.jobname::text as name, j.schedule, left(j.command, 4000) as command,
    md5(j.command) as digest, j.database, j.username as owner, j.active,
    strpos(lower(j.command), lower($1)) > 0 as opted_out,
    array(select k.pid from known k where k.owner = j.username and k.database = j.database
      and coalesce(k.jobid = j.jobid, not k.by_name and (k.query = j.command or k.cut and starts_with(j.command, k.query)))) as pids
  from cron.job j order by cardinality(array(select 1 from known k where k.jobid = j.jobid)) desc, j.active desc, j.jobid limit 200`;
}

const jobSchema = z.object({
  job_id: z.number(),
  name: z.string().nullable(),
  schedule: z.string(),
  command: z.string(),
  digest: z.string(),
  database: z.string(),
  owner: z.string(),
  active: z.boolean(),
  opted_out: z.boolean(),
  pids: z.array(z.number()),
});
const busySchema = z.object({ pid: z.number(), by_name: z.boolean() });

export const postgresCronJobs = defineProbe({
  ...postgresCronJobsRows,
  spec: ["P3", "A14"],
  title: "Which jobs does pg_cron run, and which sessions are theirs?",
  engines: ["postgres"],
  tier: "performance",
  cost: `A look into the catalogue; with pg_cron one pass over the sessions, the jobs and the last ${recentRuns} runs.`,
  needs: [pgMonitor, sight],
  maxRows: 50,
  source: "https://github.com/citusdata/pg_cron#viewing-job-run-details",
  statements: () => [{ sql: siteSql }],
  follow: ([site], { settings }) => {
    const found = siteOf(site);
    if (!found.installed && found.kept_in === null) return [];
    const jobs = { sql: jobsSql(found), params: [settings.policy.optOutComment] };
    return [
      { sql: `select pid, by_name from (${busySql}) as busy` },
      ...(found.installed && found.may_look ? [jobs] : []),
    ];
  },
  read: ([site, busy, jobs], context): CronRow[] => {
    const seen = z.array(jobSchema).parse(jobs ?? []);
    const known = new Set(seen.flatMap(({ pids }) => pids));
    const unseen = z
      .array(busySchema)
      .parse(busy ?? [])
      .filter(({ pid }) => !known.has(pid));
    const found = siteOf(site);
    const because = whyUnseen(found);
    return [
      ...unseen.map(({ pid, by_name: byName }) => ({
        ...{ kind: "unseen" as const, pid, keptIn: keptIn(found), because },
        ...(byName ? { byName } : {}),
      })),
      ...seen.map((job) => rowOf(job, context)),
    ];
  },
});

function siteOf(rows: readonly SqlRow[] | undefined): Site {
  return siteSchema.parse(rows?.[0]);
}

function keptIn({ installed, here, kept_in }: Site): string | null {
  return installed ? here : kept_in;
}

function whyUnseen({ installed, here, kept_in, may_look }: Site): string {
  if (!installed)
    return kept_in === here
      ? "pg_cron is older than 1.4 here, or not created"
      : `pg_cron keeps its jobs in database ${kept_in ?? "(not known)"}, and this look was at ${here}`;
  return may_look
    ? "row security of cron.job shows the probe's user no job but its own, or none of them is known to run there"
    : "the probe's user has no USAGE on schema cron";
}

function rowOf(
  { job_id, opted_out, ...job }: z.infer<typeof jobSchema>,
  { settings: { probing, policy } }: ProbeContext,
): CronRow {
  const { queryText } = probing;
  const shown = {
    dialect: "postgres",
    queryText,
    optOutComment: policy.optOutComment,
    optedOut: opted_out,
  } as const;
  return { kind: "job", ...job, jobId: job_id, command: shownQuery(job.command, shown) };
}
