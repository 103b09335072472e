import type { CauseId } from "../contract/cause-ids.ts";
import type { Explanation } from "../contract/explanation.ts";
import { mysqlInnodbRatesRows } from "../probes/mysql/innodb-rates-rows.ts";
import { duration, lasted } from "../text/wording.ts";
import { blockingOf } from "./blocking.ts";
import { explainsPressure } from "./capacity.ts";
import { cpuPressure } from "./cpu-pressure.ts";
import { isAlarming, lastingFor, metricFact } from "./metric-facts.ts";
import { vcpusOfTarget } from "./rds-facts.ts";
import { looksLockBound, waitOf } from "./running.ts";
import { sessionsRunning } from "./sessions-running.ts";
import { rounded, type Statement } from "./statements.ts";
import type { View } from "./view.ts";
import { isAllOnCpu } from "./workload.ts";

/** Metrics whose alarm says that the database works too hard. */
const loadMetrics =
  /^(CPUUtilization|DBLoad.*|DiskQueueDepth|(Read|Write)(IOPS|Latency|Throughput)|(Select|Commit|DML)Latency)$/;

/** That the database as a whole works too hard just now, in words; null when nothing says so. */
export function overload(view: View): string | null {
  const { signal } = view.evidence;
  const alarming = (signal?.state === "ALARM" ? signal.metrics : [])
    .map(({ name }) => name)
    .filter((name) => loadMetrics.test(name) && isAlarming(view, name))
    .toSorted()[0];
  if (alarming !== undefined) return `the alarm on ${alarming} is on`;
  const cpu = metricFact(view, "CPUUtilization");
  const minutes = lastingFor(view, cpu, (value) => value >= view.thresholds.cpuPercent);
  if (cpu === null) return cpuPressure(view)?.says ?? null;
  return minutes === null ? null : `CPU is at ${Math.round(cpu.latest)} % for ${lasted(minutes)}`;
}

/** Of all statement time; a smaller part is not what an alarm is about. */
const substantialPercent = 20;

/**
 * What suffers from this statement's work right now; null when nothing does. Waiting for locks is no work: those
 * statements are told by the rules about locks.
 */
export function strainOf(view: View, statement: Statement): string | null {
  const { percentOfTime } = statement.now;
  const averageSessions = busyWith(view, statement);
  if (waitsForLocks(view, statement)) return null;
  const vcpus = vcpusOfTarget(view);
  if (averageSessions >= Math.max(1, (vcpus ?? 2) / 2)) {
    const on = vcpus === null ? "" : ` on ${vcpus} vCPUs`;
    const when = statement.source.endsWith("-sessions") ? "in this one look" : "all the time";
    return `it keeps ${rounded(averageSessions)} sessions busy${on} ${when}`;
  }
  const load = overload(view);
  if (load === null || percentOfTime < substantialPercent) return null;
  return `it takes ${Math.round(percentOfTime)} % of all statement time while ${load}`;
}

const overHalf = 50;
/** For each CPU: the readings are a short look. Where nobody tells how many there are, more than the smallest have. */
const perCpu = 2;
const surelyMany = 4;
const busyAlone = 2;

/** Of what has not ended, where next to all at work were seen on a CPU. */
const perFullCpu = 1.5;

/** However quick each call: it alone keeps far more sessions busy than there are CPUs, most of all that work. */
export function crowdsCpus(view: View, statement: Statement): boolean {
  const vcpus = vcpusOfTarget(view);
  const each = statement.running !== undefined && isAllOnCpu(view) ? perFullCpu : perCpu;
  const least = vcpus === null ? surelyMany : Math.max(busyAlone, each * vcpus);
  return statement.now.percentOfTime > overHalf && busyWith(view, statement) >= least;
}

/** That nothing is seen to suffer is no proof of health where the use of the CPU was not seen. */
export function harmlessText(view: View, statement: Statement): string {
  const busy = busyWith(view, statement);
  const vcpus = vcpusOfTarget(view);
  const most = busy >= busyAlone && statement.now.percentOfTime > overHalf;
  if (!most || metricFact(view, "CPUUtilization") !== null) return "nothing suffers from it now";
  return `it keeps ${rounded(busy)} sessions busy${vcpus === null ? "" : ` on ${vcpus} vCPUs`}; whether anybody suffers from it could not be seen`;
}

/**
 * Sessions that are busy with it: by the calls that ended between the readings, and when none did, because each takes
 * longer than that, by how many run it. One alone may be a report.
 */
export function busyWith(view: View, { now, query }: Statement): number {
  if (now.callsPerSecond > 0) return now.averageSessions;
  const running = sessionsRunning(view, query).length;
  return running < 2 ? now.averageSessions : running;
}

interface RunNow extends Pick<Statement, "query"> {
  readonly now: Pick<Statement["now"], "averageSessions">;
}

/**
 * Most of the sessions that run it wait for a lock; or some do, and InnoDB counts as much waiting for rows as makes most
 * of what it takes: waits of some thousandths of a second are missed by a look at one moment.
 */
export function waitsForLocks(view: View, { query, now }: RunNow): boolean {
  const running = sessionsRunning(view, query);
  if (running.length === 0) return false;
  const blocking = blockingOf(view);
  const waiting = running.filter((session) => waitOf(blocking, session) !== null || looksLockBound(session));
  if (waiting.length === 0) return false;
  if (waiting.length * 2 > running.length) return true;
  const counted = view.rows(mysqlInnodbRatesRows)?.[0]?.rowLocks.averageWaiters ?? 0;
  // The count is of the whole server: of it so much is of this statement.
  const all = (view.sessions ?? []).filter(
    (one) => one.state === "active" && (waitOf(blocking, one) !== null || looksLockBound(one)),
  );
  const own = counted * (waiting.length / Math.max(all.length, waiting.length));
  return own * 2 > Math.max(1, now.averageSessions > 0 ? now.averageSessions : running.length);
}

/** "8.2 calls/s of 310 ms each, 74 % of all statement time". */
export function paceText({ now }: Statement): string {
  const each = now.meanSeconds === null ? "" : ` of ${duration(now.meanSeconds)} each`;
  return `${rounded(now.callsPerSecond)} calls/s${each}, ${Math.round(now.percentOfTime)} % of all statement time`;
}

/** Sessions that run the statement long are symptoms of whatever makes it slow. */
export function explainsItsSessions(
  view: View,
  query: string | null,
  because: string,
): readonly Explanation[] {
  const blocking = blockingOf(view);
  return sessionsRunning(view, query)
    .filter((session) => waitOf(blocking, session) === null)
    .map(({ id }) => ({ cause: "long-running-query", subject: `session:${id}`, because }));
}

/**
 * What a statement that costs too much leads to: that it costs much, which is said in general where nothing special is
 * known; the machine's resources; then the connection slots.
 */
export function explainsLoad(
  view: View,
  statement: Statement,
  causes: readonly CauseId[],
  because: string,
): readonly Explanation[] {
  const running = sessionsRunning(view, statement.query).length;
  const substantial = statement.now.percentOfTime >= substantialPercent;
  return [
    { cause: "expensive-statement", subject: statement.key, because },
    ...(substantial ? causes.map((cause) => ({ cause, because })) : []),
    ...explainsItsSessions(view, statement.query, because),
    ...explainsPressure(view, running, running),
  ];
}
