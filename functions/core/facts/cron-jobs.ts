import {
  type CronJobRow,
  postgresCronJobsRows,
  type UnseenJobRow,
} from "../probes/postgres/cron-jobs-rows.ts";
import { postgresTopStatementsRows } from "../probes/postgres/top-statements/top-statements-rows.ts";
import { runsPerSecond } from "../text/cron-rate.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { sessionsRunning } from "./sessions-running.ts";
import { type Statement, statementsOf } from "./statements.ts";
import type { View } from "./view.ts";

/** Jobs of which one may be it, or none: nothing is proposed for a guess. */
export interface MaybeJobs {
  readonly kind: "maybe";
  readonly jobs: readonly CronJobRow[];
  readonly because: string;
}
export type JobBehind = CronJobRow | UnseenJobRow | MaybeJobs;

/** Whose work a finding is about, when that is a job of pg_cron; null when it is not, as far as could be seen. */
export function cronJobBehind(view: View, subject: string): JobBehind | null {
  const rows = view.rows(postgresCronJobsRows) ?? [];
  if (rows.length === 0) return null;
  const pid = /^session:(\d+)$/.exec(subject)?.[1];
  return pid === undefined ? jobOfStatement(view, subject) : jobOfSession(view, Number(pid));
}

function jobOfSession(view: View, pid: number): JobBehind | null {
  const rows = view.rows(postgresCronJobsRows) ?? [];
  const behind = rows.filter((row) => (row.kind === "job" ? row.pids.includes(pid) : row.pid === pid));
  const jobs = behind.filter((row) => row.kind === "job");
  return jobs.length > 1
    ? { kind: "maybe", jobs, because: "which of them this run is was not seen" }
    : (behind[0] ?? null);
}

/** Not one that others send as well: to pause the job would leave theirs. */
function jobOfStatement(view: View, subject: string): JobBehind | null {
  const statement = statementsOf(view)?.find(({ key }) => key === subject);
  if (statement === undefined) return null;
  const running = sessionsRunning(view, statement.query).map(({ id }) => id);
  const [first] = running;
  if (first === undefined) return betweenRuns(view, statement);
  const behind = jobOfSession(view, first);
  const own = behind?.kind === "job" ? behind.pids : [first];
  return running.every((id) => own.includes(id)) ? behind : null;
}

/** Literals are not compared, so that several may look the same; who sent the calls nobody has seen. */
function betweenRuns(view: View, statement: Statement): JobBehind | null {
  const { id, user, query } = statement;
  const counted = (view.rows(postgresTopStatementsRows) ?? []).filter(
    (row) => row.queryId === id && row.user === user,
  );
  // Of several databases it is not known whose.
  const database = counted.length === 1 ? (counted[0]?.database ?? null) : null;
  const text = fingerprint(query);
  if (text === null) return null;
  const same = (view.rows(postgresCronJobsRows) ?? [])
    .filter((row) => row.kind === "job")
    .filter((job) => job.owner === user && fingerprint(job.command) === text)
    .filter((job) => database === null || job.database === database);
  const active = same.filter((job) => job.active);
  const [paused] = same;
  if (active.length === 0) return same.length === 1 ? (paused ?? null) : null;
  return oneThatBegins(active, statement, database !== null);
}

function oneThatBegins(
  active: readonly CronJobRow[],
  statement: Statement,
  isOfOneDatabase: boolean,
): CronJobRow | MaybeJobs {
  const begun = Map.groupBy(active, (job) => beginsSo(job, statement));
  const [first, ...more] = [...(begun.get("so-often") ?? []), ...(begun.get("perhaps") ?? [])];
  if (first === undefined)
    return { kind: "maybe", jobs: active, because: "by its schedule it does not begin what was seen" };
  const isKnown = begun.has("so-often");
  if (isKnown && more.length === 0 && isOfOneDatabase) return first;
  const because = isKnown
    ? "who sends the statement was not seen"
    : "between two readings it begins too seldom to be told from others who send the statement";
  return { kind: "maybe", jobs: [first, ...more], because };
}

/** Less than once an hour: a call between two readings is more likely somebody else's. */
const seldom = 0.99 / 3600;

/** One call more than its schedule has within the readings only where it has any: else that one proves nothing. */
function beginsSo({ schedule }: CronJobRow, { now }: Statement): "so-often" | "perhaps" | "not" {
  const rate = runsPerSecond(schedule);
  if (rate === null || rate < seldom) return "not";
  const expected = rate * now.seconds;
  if (Math.round(now.callsPerSecond * now.seconds) > Math.floor(expected) + 1) return "not";
  return expected >= 1 ? "so-often" : "perhaps";
}
