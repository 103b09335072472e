import {
  type CronJobRow,
  postgresCronJobsRows,
  type UnseenJobRow,
} from "../probes/postgres/cron-jobs-rows.ts";
import { fingerprint, sessionsRunning, statementsOf } from "./statements.ts";
import type { View } from "./view.ts";

/** Whose work a finding is about, when that is a job of pg_cron; null when it is not, as far as could be seen. */
export function cronJobBehind(view: View, subject: string): CronJobRow | UnseenJobRow | null {
  const rows = view.rows(postgresCronJobsRows) ?? [];
  if (rows.length === 0) return null;
  const pid = /^session:(\d+)$/.exec(subject)?.[1];
  if (pid === undefined) return jobOfStatement(view, subject);
  const id = Number(pid);
  return rows.find((row) => (row.kind === "job" ? row.pids.includes(id) : row.pid === id)) ?? null;
}

/** Not one that others send as well: to pause the job would leave theirs. */
function jobOfStatement(view: View, subject: string): CronJobRow | UnseenJobRow | null {
  const statement = statementsOf(view)?.find(({ key }) => key === subject);
  const text = fingerprint(statement?.query ?? null);
  if (statement === undefined || text === null) return null;
  const rows = view.rows(postgresCronJobsRows) ?? [];
  const running = sessionsRunning(view, statement.query).map(({ id }) => id);
  const [first] = running;
  if (first !== undefined) {
    const behind = rows.find((row) => (row.kind === "job" ? row.pids.includes(first) : row.pid === first));
    const own = behind?.kind === "job" ? behind.pids : [first];
    return running.every((id) => own.includes(id)) ? (behind ?? null) : null;
  }
  const jobs = rows.filter((row) => row.kind === "job");
  return jobs.find((job) => job.owner === statement.user && fingerprint(job.command) === text) ?? null;
}
