import * as z from "zod";
import type { SqlStatement } from "../../ports.ts";
import { type DatabaseWorld, defineDatabaseAction, defineOffer } from "../define.ts";
import { protectedText, protectedUser } from "../signals/protected-guard.ts";
import { refuse } from "../signals/refuse.ts";
import { alterJob, becomes, cannotAlter, changeOf, cronJobShape, lookAtJob } from "../statements/cron-job.ts";
import { impatient } from "../statements/object-statement.ts";
import { runsStatement } from "../statements/run-statement.ts";
import type { Check, TakesBack, Verdict } from "../steps.ts";
import { withLiterals } from "../with-literals.ts";

const inputSchema = z.strictObject({
  ...cronJobShape,
  /** False: it begins no more; true: it does again. */
  runs: z.boolean(),
});
type CronInput = z.infer<typeof inputSchema>;

/** A14: pauses a job of pg_cron, and lets it go on. */
export const pauseCronJobOffer = defineOffer({
  id: "pause-cron-job",
  spec: ["A14", "A40"],
  title: "Pause or resume the job of pg_cron",
  risk: "disruptive",
  asksAlways: true,
  engines: ["postgres"],
  input: inputSchema,
  undo: "Let it run again, or pause it again.",
  preview: (input) => `${becomes(input.owner)};\n${statementOf(input)}`,
  describes: (input) =>
    `${input.runs ? "Resumes" : "Pauses"} ${called(input)} of pg_cron (${input.schedule}), of ${input.owner} in database ${input.database}; a run that has begun goes on`,
  key: ({ jobId, runs }) => `pause-cron-job ${jobId} ${runs}`,
});

const called = ({ jobId, name }: CronInput): string => `job ${jobId}${name === null ? "" : ` "${name}"`}`;

/**
 * That it is the job that was seen, and the extension's own function, the statement says itself.
 * https://github.com/citusdata/pg_cron#viewing-job-run-details
 */
const acting = ({ jobId, name, schedule, digest, database, owner, runs }: CronInput): SqlStatement => ({
  sql: `SELECT cron.alter_job(jobid, NULL::text, NULL::text, NULL::text, NULL::text, $1::boolean) FROM cron.job
WHERE jobid = $2 AND username = $3 AND database = $4 AND schedule = $5 AND md5(command) = $6
  AND jobname IS NOT DISTINCT FROM $7 AND active <> $1
  AND EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid WHERE e.extname = 'pg_cron' AND d.deptype = 'e'
    AND d.refclassid = 'pg_extension'::regclass AND d.classid = 'pg_proc'::regclass
    AND d.objid = '${alterJob}'::regprocedure)`,
  params: [runs, jobId, owner, database, schedule, digest, name],
});

function statementOf(input: CronInput): string {
  return withLiterals(acting(input), "postgres");
}

export const pauseCronJob = /* @__PURE__ */ defineDatabaseAction(
  pauseCronJobOffer,
  /* @__PURE__ */ runsStatement({
    what: "change of the job",
    grants: { postgres: [], mysql: [], mariadb: [] },
    lockSeconds: impatient,
    longestSeconds: 30,
    sql: statementOf,
    check,
    setting: async (_world, { owner }) => ({ sql: becomes(owner) }),
    proves,
    undoes,
    undoesFound: undoes,
    isUntouched: "by-nothing",
  }),
);

async function undoes(_world: DatabaseWorld, input: CronInput): Promise<TakesBack> {
  return { actionId: pauseCronJobOffer.id, input: { ...input, runs: !input.runs } };
}

async function check(world: DatabaseWorld, input: CronInput): Promise<Check> {
  const no = protectedUser([input.owner], world.guards) ?? (await cannotAlter(world, input));
  if (no !== null) return no;
  const found = await lookAtJob(world, input);
  if (found === null)
    return refuse(
      "no-such-object",
      `There is no ${called(input)} of ${input.owner}'s any more.`,
      "Nothing to release: the next assessment proposes anew.",
    );
  const change = changeOf(input, found);
  if (change !== null)
    return refuse(
      "changed-since",
      `The ${called(input)} is not as it was seen: ${change}.`,
      "Nothing to release: it is looked at anew.",
    );
  const is = `The ${called(input)} is ${found.active ? "active" : "paused"}`;
  if (found.active === input.runs) return { kind: "already-done", says: `${is} already.` };
  return protectedText(found.command, world.guards) ?? { kind: "go", says: `${is}.` };
}

async function proves(world: DatabaseWorld, input: CronInput): Promise<Verdict> {
  const found = await lookAtJob(world, input);
  if (found === null) return { kind: "not-verified", says: `There is no ${called(input)} any more.` };
  const change = changeOf(input, found);
  const says = `The ${called(input)} is ${found.active ? "active" : "paused"}${change === null ? "" : `, and ${change}`}.`;
  return change === null && found.active === input.runs
    ? { kind: "verified", says: `${says} A run that had begun goes on.` }
    : { kind: "not-verified", says };
}
