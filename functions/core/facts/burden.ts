import type { Explanation } from "../contract/explanation.ts";
import type { Severity } from "../contract/finding.ts";
import type { Session } from "../contract/session.ts";
import { cpuPressure } from "./cpu-pressure.ts";
import { ioPressure } from "./io-pressure.ts";
import { metricFact } from "./metric-facts.ts";
import { isProtectedApplication } from "./protected.ts";
import { vcpusOfTarget } from "./rds-facts.ts";
import { worstOf } from "./severity.ts";
import { isOutrun } from "./source-writes.ts";
import type { View } from "./view.ts";
import { onCpu, waitShare } from "./workload.ts";

export interface Burden {
  /** As bad as what it leads to. */
  readonly severity: Severity;
  readonly says: string;
  readonly explains: readonly Explanation[];
}

/**
 * Whether this statement takes the CPU, or storage, that the database is short of: it is seen at that work, and it can
 * take that much. One process uses one CPU: on sixteen of them a single report saturates nothing.
 */
export function burden(view: View, session: Session): Burden | null {
  if (isProtectedApplication(session, view.policy)) return null;
  const cpu = worksOnCpu(session) && takesEnoughCpu(view, session) ? cpuPressure(view) : null;
  const io = worksOnStorage(view, session) ? ioPressure(view) : null;
  const pressures = [cpu, io].filter((pressure) => pressure !== null && pressure.severity !== "P3");
  const [first] = pressures;
  if (first === null || first === undefined) return null;
  const because = "the statement has been at this work all the time";
  return {
    severity: worstOf(pressures.flatMap((pressure) => pressure?.severity ?? [])) ?? "P2",
    says: first.says.split(";")[0] ?? "",
    explains: [
      ...(cpu === null ? [] : [{ cause: "cpu-saturated" as const, because }]),
      ...(io === null ? [] : [{ cause: "io-saturated" as const, because }]),
    ],
  };
}

/** PostgreSQL shows no wait of a process on the CPU; MySQL tells a stage of the statement. */
const mysqlAtWork =
  /^(executing|sending data|statistics|sorting|creating sort|copying to|removing duplicates|updating|optimizing|end)/i;

export function worksOnCpu({ waitEvent }: Session): boolean {
  return waitEvent === null || mysqlAtWork.test(waitEvent);
}

/** The same, where it was measured. */
export function beganShortage(view: View, session: Session): boolean {
  return (ioPressure(view)?.sinceMs ?? null) !== null && worksOnStorage(view, session);
}

const longBeforeMs = 30 * 60_000;

/**
 * Neither where storage was short a minute before it began, nor long after: what had worked for hours without harm is not
 * what is new; nor of a replica whose storage is full of what it applies.
 */
export function worksOnStorage(view: View, { waitEvent, statementSeconds }: Session): boolean {
  const { collectedAt, target } = view.evidence;
  const atIt = target.engine === "postgres" ? /^IO\b/ : mysqlAtWork;
  if (waitEvent === null || !atIt.test(waitEvent) || isOutrun(view)) return false;
  const { sinceMs = null, beginSeen = false } = ioPressure(view) ?? {};
  if (sinceMs === null) return true;
  const before = sinceMs - (Date.parse(collectedAt) - 1000 * (statementSeconds ?? 0));
  return before > -60_000 && (!beginSeen || before <= longBeforeMs);
}

/** Of what the CPUs do; its parallel workers count too. */
const substantialShare = 0.4;

export function takesEnoughCpu(view: View, session: Session): boolean {
  const vcpus = vcpusOfTarget(view);
  const cpu = metricFact(view, "CPUUtilization");
  const inside = cpu === null ? waitShare(view, onCpu) : null;
  if (vcpus === null || (cpu === null && inside === null)) return true;
  const workers = (view.sessions ?? []).filter(({ leaderId }) => leaderId === session.id).length;
  // Alike statements share the blame: each explains only because all of them do.
  const alike = (view.sessions ?? []).filter(
    (other) =>
      other.kind === "client" &&
      other.state === "active" &&
      !other.own &&
      worksOnCpu(other) &&
      (other.statementSeconds ?? 0) >= view.thresholds.longRunningSeconds,
  ).length;
  const mine = workers + Math.max(1, alike);
  // Without the metric: of all that were seen to want a CPU.
  if (cpu === null) return mine >= substantialShare * (inside?.averageSessions ?? 0);
  return (100 * mine) / vcpus >= substantialShare * cpu.latest;
}
