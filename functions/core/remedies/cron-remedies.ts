import { pauseCronJobOffer } from "../actions/database/pause-cron-job.ts";
import { propose, proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import { cronJobBehind, type MaybeJobs } from "../facts/cron-jobs.ts";
import { protectedName } from "../facts/protected.ts";
import type { View } from "../facts/view.ts";
import {
  type CronJobRow,
  postgresCronJobsRows,
  type UnseenJobRow,
} from "../probes/postgres/cron-jobs-rows.ts";
import { protectedStatement } from "./untouchable.ts";

export interface ItsJob {
  readonly evidence: { readonly source: string; readonly says: string };
  readonly actions: readonly ProposedAction[];
}

export const goesOn =
  "It begins no more until somebody resumes it; the run that has begun is not ended by this, which is another remedy. Whoever waits for its work waits longer.";

/** A14: where it is a job of pg_cron that hurts, whose it is, and that it can be paused. Null: it is none. */
export function itsCronJob(view: View, subject: string): ItsJob | null {
  const job = cronJobBehind(view, subject);
  if (job === null) return null;
  const told =
    job.kind === "job" ? tellJob(view, job) : job.kind === "maybe" ? tellMaybe(job) : tellUnseen(job);
  return { ...told, evidence: { source: postgresCronJobsRows.id, says: told.evidence.says } };
}

function tellJob(view: View, job: CronJobRow): Pick<ItsJob, "actions"> & { evidence: { says: string } } {
  const { kind: _kind, command, active, pids: _pids, ...input } = job;
  const name = job.name === null ? "" : ` "${job.name}"`;
  const is = `it is job ${job.jobId}${name} of pg_cron (${job.schedule}), of ${job.owner} in database ${job.database}`;
  const alone =
    protectedName("user", job.owner, view.policy.protectedUsers) ?? protectedStatement(command, view.policy);
  if (!active || alone !== null)
    return {
      evidence: { says: `${is}${active ? `; not touched: ${alone}` : ", and is paused already"}` },
      actions: [],
    };
  const action = propose(pauseCronJobOffer, { ...input, runs: false }, view.evidence.target, {
    frees: null,
    consequence: goesOn,
  });
  return { evidence: { says: is }, actions: [action] };
}

/** A person finds out: to pause the wrong one leaves what hurts, and takes away what does not. */
function tellMaybe({ jobs, because }: MaybeJobs): Pick<ItsJob, "actions"> & { evidence: { says: string } } {
  const named = jobs.slice(0, 5).map(({ jobId, schedule }) => `${jobId} (${schedule})`);
  const more = jobs.length > named.length ? ` and ${jobs.length - named.length} more` : "";
  const one = jobs.length === 1 ? "job" : "one of jobs";
  return {
    evidence: { says: `${one} ${named.join(", ")}${more} of pg_cron may be it: ${because}` },
    actions: [],
  };
}

/** By its run, which its owner sees. */
function tellUnseen({
  pid,
  keptIn,
  because,
  byName = false,
}: UnseenJobRow): Pick<ItsJob, "actions"> & { evidence: { says: string } } {
  const action = proposeManual({
    id: pauseCronJobOffer.id,
    spec: ["A14"],
    risk: "disruptive",
    preview: `SELECT cron.alter_job(job_id := jobid, active := false) FROM cron.job_run_details WHERE job_pid = ${pid} AND end_time IS NULL`,
    describes: `Pauses the job of pg_cron that pid ${pid} runs; its owner runs it in database ${keptIn ?? "(cron.database_name)"}`,
    consequence: goesOn,
  });
  return {
    evidence: {
      says: byName
        ? `its client calls itself pg_cron, which anybody may; if it is a job, that could not be seen: ${because}`
        : `it is a job of pg_cron, which could not be seen: ${because}`,
    },
    actions: [action],
  };
}
