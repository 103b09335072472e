import type { Severity } from "../contract/finding.ts";
import { lasted } from "../text/wording.ts";
import { loadShares, totalLoad } from "./insights.ts";
import { loadProfile } from "./load-profile.ts";
import { baselineText, isAlarming, lastingFor, metricFact } from "./metric-facts.ts";
import { percentText, vcpusOfTarget } from "./rds-facts.ts";
import { wantsRows } from "./row-waits-by-handler.ts";
import { isAsEver, isUsual } from "./usual.ts";
import type { View } from "./view.ts";
import { loadAt } from "./wait-load.ts";
import { waitNames } from "./wait-names.ts";
import { onCpu, waitShare } from "./workload.ts";

/** A resource that is short, in words and numbers. */
export interface Pressure {
  readonly severity: Severity;
  readonly confidence: number;
  /** "the CPU has been above 80 % for 12 min, now at 97 %; 31 % a day ago at this time". */
  readonly says: string;
  readonly evidence: readonly { readonly source: string; readonly says: string }[];
  /** It was like this a day or a week ago at this time: nothing has changed. */
  readonly usual: boolean;
  /** The CPU is busy, and no session waits for it: what suffers suffers from something else. */
  readonly unqueued?: true;
  /** Who wants it is only likely: sessions at steps that may as well read. */
  readonly likely?: true;
}

const severeCpuPercent = 95;
/** Sessions that want a CPU for each that there is: above this they queue. */
export const queueing = 1.2;

/** A second is a short look: so many for each CPU, and no fewer than this, is more than a burst. */
const severeQueue = 2;
const fewSessions = 4;

/**
 * Fewer than every second CPU is wanted by a session: whatever makes it busy, nobody queues. "One process can run on a
 * vCPU at a time. If the number of processes exceeds the number of vCPUs, the processes start queuing."
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.MaxCPU.html
 */
const unwanted = 0.5;

/**
 * Null while the CPU has room, or was only busy for a moment. From CloudWatch; without it, from how many sessions want
 * a CPU and how many there are.
 */
export function cpuPressure(view: View): Pressure | null {
  const cpu = metricFact(view, "CPUUtilization");
  if (cpu === null) return insideOnly(view);
  const limit = view.thresholds.cpuPercent;
  const minutes = lastingFor(view, cpu, (value) => value >= limit);
  if (minutes === null) return null;
  const queue = cpuQueue(view);
  const usual = isUsual(cpu);
  const alarming = isAlarming(view, cpu.id);
  const unqueued = queue?.measured === true && queue.perCpu < unwanted;
  return {
    severity: unqueued
      ? "P3"
      : severityOf(cpu.latest, {
          usual: usual && (!alarming || isAsEver(cpu)),
          queue: queue?.perCpu ?? 0,
        }),
    confidence: queue === null || queue.likely === true ? 0.8 : 0.9,
    says: `the CPU has been at ${percentText(limit)} or more for ${lasted(minutes)}, now at ${percentText(cpu.latest)}${unqueued ? " but sessions do not queue for it" : ""}${baselineText(cpu, percentText)}`,
    ...(unqueued ? { unqueued } : {}),
    ...(queue?.likely === true ? { likely: true } : {}),
    evidence: [
      { source: cpu.id, says: `${percentText(cpu.lowest)} to ${percentText(cpu.peak)} in the last minutes` },
      ...(queue === null ? [] : [queue.evidence]),
    ],
    usual,
  };
}

function insideOnly(view: View): Pressure | null {
  const queue = cpuQueue(view);
  if (queue === null || queue.perCpu < severeQueue || queue.sessions < fewSessions) return null;
  const { says } = queue.evidence;
  return { severity: "P2", confidence: 0.55, says, evidence: [], usual: false };
}

function severityOf(value: number, { usual, queue }: { usual: boolean; queue: number }): Severity {
  if (queue >= severeQueue || (value >= severeCpuPercent && !usual)) return "P1";
  return usual && queue < queueing ? "P3" : "P2";
}

interface Queue {
  readonly sessions: number;
  readonly perCpu: number;
  /** By Performance Insights over minutes, not by a few samples of one look. */
  readonly measured: boolean;
  readonly likely?: true;
  readonly evidence: { readonly source: string; readonly says: string };
}

/** Sessions that want a CPU against the CPUs there are. */
export function cpuQueue(view: View): Queue | null {
  const load = metricFact(view, "DBLoadCPU");
  const vcpus = load?.capacity ?? vcpusOfTarget(view);
  if (vcpus === null) return null;
  if (load !== null) {
    const steps = atSteps(view);
    if (load.latest < unwanted * vcpus && steps >= vcpus) return ofSteps(load.latest + steps, vcpus);
    const sessions = Math.round(load.latest * 10) / 10;
    const says = `${sessions} sessions want one of ${vcpus} vCPUs`;
    return {
      sessions,
      perCpu: load.latest / vcpus,
      measured: true,
      evidence: { source: load.id, says },
    };
  }
  const share = waitShare(view, onCpu);
  const profile = loadProfile(view);
  if (share === null || profile === null) return null;
  const sessions = Math.round(share.averageSessions * 10) / 10;
  return {
    sessions,
    perCpu: share.averageSessions / vcpus,
    measured: false,
    evidence: {
      source: profile.source,
      says: `${sessions} sessions on average on or waiting for one of ${vcpus} vCPUs`,
    },
  };
}

/** Sessions at a time, more than as a rule, in steps of which Performance Insights cannot tell that they compute: it has their states alone, or the handler's wait. */
function atSteps(view: View): number {
  const load = metricFact(view, "DBLoad");
  // Who got in sees who computes, and may end what does: that is not to be guessed.
  if (view.sessions !== null || load === null || isAsEver(load)) return 0;
  const such = { test: (name: string) => waitNames.work.test(name) || waitNames.step.test(name) };
  const all = totalLoad(loadShares(view, "wait-event").filter(({ name }) => such.test(name)));
  const locking = totalLoad(
    loadShares(view, "statement")
      .filter(({ name }) => wantsRows(name))
      .map((share) => ({ load: loadAt(share, /io\/table\/sql\/handler$/) })),
  );
  return Math.max(0, all - locking);
}

/** Not measured: some of them may wait for storage. It is asked only of a CPU that is busy. */
function ofSteps(all: number, vcpus: number): Queue {
  const sessions = Math.round(all * 10) / 10;
  const says = `${sessions} sessions are in steps that compute or read, on ${vcpus} vCPUs; which of the two, Performance Insights does not tell here`;
  const perCpu = Math.min(all / vcpus, severeQueue - 0.1);
  const evidence = { source: "Performance Insights", says };
  return { sessions, perCpu, measured: false, likely: true, evidence };
}
