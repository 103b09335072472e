import type { Evidence } from "../contract/evidence.ts";
import type { Diagnosis, Finding, Verdict } from "../contract/finding.ts";
import { clientsGone } from "../facts/clients-away.ts";
import { farFromUsual } from "../facts/far-from-usual.ts";
import { isCrowd } from "../facts/inside-wait.ts";
import { followingProbes, tellsLag } from "../facts/known-replica.ts";
import { countsSource } from "../facts/named-counts.ts";
import { unseenQuestions } from "../facts/questions.ts";
import { sawInside } from "../facts/seen.ts";
import { isMany } from "../facts/severity.ts";
import { slowLog } from "../facts/slow-log.ts";
import { longestWait, unexplainedWaits } from "../facts/unexplained-waits.ts";
import { unjudgedErrors } from "../facts/unjudged-errors.ts";
import { isDoubted, isUnreadable } from "../facts/unread-log.ts";
import { untoldWords } from "../facts/untold-words.ts";
import type { View } from "../facts/view.ts";
import { rules } from "../rules/index.ts";
import { doubtedSubject } from "../rules/integrity/data-corruption-suspected.ts";
import { keyOfFinding } from "./explains-graph.ts";

/** Not seen is never well (SPEC D7): health is a claim about every common question, trouble needs one finding. */
export function verdictOf(view: View, findings: readonly Found[]): Verdict {
  if (findings.some(({ severity }) => severity !== "P3")) return "unwell";
  const amiss = isAmiss(view) || untoldWords(view, findings).some(({ grave }) => grave);
  return unseenQuestions(view).length === 0 && !amiss ? "well" : "unknown";
}

type Found = Pick<Finding, "severity" | "summary" | "evidence">;

/** Something is wrong of which no rule tells the cause: who waits for whom, what so many do, where the clients are. */
function isAmiss(view: View): boolean {
  return unexplainedWaits(view).length > 0 || unjudgedErrors(view) !== null || hurtsMany(view);
}

function hurtsMany(view: View): boolean {
  return isCrowd(view) || clientsGone(view) !== null;
}

/** The same, and no matter of one client for a moment. */
export function isGravelyAmiss(view: View, findings: readonly Found[]): boolean {
  const waits = unexplainedWaits(view);
  return (
    hurtsMany(view) ||
    untoldWords(view, findings).some(({ grave }) => grave) ||
    (!sawInside(view) && farFromUsual(view).some(({ grave }) => grave)) ||
    isMany(waits.length, null) ||
    longestWait(waits) >= view.thresholds.idleInTransactionSeconds
  );
}

/** A finding of an earlier look. */
interface Known extends Pick<Finding, "id">, Partial<Pick<Finding, "key" | "evidence">> {}

/**
 * The same beside causes that are known already: one that was found in what this look did not see is not gone.
 * `known` are findings of earlier looks at the same database.
 */
export function verdictAfter(
  { verdict }: Pick<Diagnosis, "verdict">,
  evidence: Evidence,
  known: readonly (Known & Pick<Finding, "severity">)[],
): Verdict {
  if (verdict !== "well") return verdict;
  const serious = known.filter(({ severity }) => severity !== "P3");
  return serious.every((one) => couldBeSeenGone(one, evidence)) ? "well" : "unknown";
}

/** Whether a look that does not tell such a finding any more tells that it is over. */
export function couldBeSeenGone(one: Known, evidence: Evidence): boolean {
  // It is no cause but of a full CPU, and its own probes stay silent where it is told.
  if (one.key === keyOfFinding(one.id, slowLog)) return readMetric(evidence, "CPUUtilization");
  if (one.key === keyOfFinding(one.id, countsSource)) return readCounts(evidence);
  return wasLookedFor(one.id, evidence) && heardAgain(one, evidence) && followsAgain(one, evidence);
}

/** What the server itself said of a stream no description of its instance takes back: it is asked again. */
function followsAgain({ id, evidence: pieces = [] }: Known, evidence: Evidence): boolean {
  if (id !== "replication-stopped") return true;
  return pieces.every(({ source }) => {
    const isOwn = followingProbes.includes(source);
    if (!isOwn && source !== "postgres-subscriptions") return true;
    const asked = evidence.probes.some((probe) => probe.id === source && probe.status === "ok");
    return asked || (isOwn && tellsLag(evidence));
  });
}

/**
 * What a log told is gone only where the log was read again, whatever else was looked at; damage that it told is never:
 * a new file begins every hour, and damage does not heal.
 */
function heardAgain(one: Known, evidence: Evidence): boolean {
  const { evidence: pieces = [] } = one;
  if (!pieces.some(({ source }) => /^(?:error log|log)$|^error\/|\.log\b/.test(source))) return true;
  const unread = evidence.missing.some(({ what }) => logCalls.test(what));
  return !unread && !isNeverSeenGone(one) && sawLog(evidence, "error log");
}

/** Damage does not heal; what is told with doubt, as a client may have written it, is over when the log says it no more. */
export function isNeverSeenGone({ id, key }: Pick<Known, "id" | "key">): boolean {
  const needs = rules.find((rule) => rule.id === id)?.needs ?? [];
  return needs.includes("whole error log") && key !== keyOfFinding(id, doubtedSubject);
}

/** By number, where they are not in the view of who may not see them, or the server keeps none. */
function readCounts({ probes }: Evidence): boolean {
  const row = probes.find(({ id, status }) => id === countsSource && status === "ok")?.rows?.[0];
  return typeof row === "object" && row !== null && "named" in row;
}

function readMetric({ metrics }: Evidence, id: string): boolean {
  return metrics.some((series) => series.id === id && series.points.length > 0);
}

/** Something that the cause shows in was seen, and no probe of it that was asked stayed silent. */
export function wasLookedFor(id: string, evidence: Evidence): boolean {
  const needs = rules.find((rule) => rule.id === id)?.needs ?? [];
  if (needs.some((need) => isLogNeed(need) && !sawLog(evidence, need))) return false;
  const probes = evidence.probes.filter((probe) => needs.includes(probe.id));
  // Who may not ask how it follows is told by CloudWatch, in the same number.
  const told = /^replication-/.test(id) && tellsLag(evidence);
  const refused = (one: Evidence["probes"][number]): boolean =>
    told && one.status === "skipped" && followingProbes.includes(one.id);
  if (probes.some((one) => one.status !== "ok" && !refused(one))) return false;
  const seen = [
    ...probes.map((probe) => probe.id),
    ...evidence.metrics.filter(({ points }) => points.length > 0).map((series) => series.id),
    ...(evidence.connection.status === "connected" ? ["connection"] : []),
    ...(evidence.context ? answeredCalls(evidence) : []),
  ];
  return needs.some((need) => seen.includes(need));
}

const logCalls = /^(?:database logs|list of log files|log file )|\blogs\b|log lines/;

type LogNeed = "error log" | "whole error log";

function isLogNeed(need: string): need is LogNeed {
  return need === "error log" || need === "whole error log";
}

/**
 * Whether the server's log was read, or whole where damage stands in it that does not heal. Nobody is asked for what may
 * not be read at all: then the log has told nothing before, either.
 */
function sawLog({ context, missing, target }: Evidence, need: LogNeed): boolean {
  const silent = missing.filter(({ what }) => logCalls.test(what));
  if (silent.length > 0) return silent.every(({ howToSee }) => howToSee?.startsWith("allow ") ?? false);
  if (!context?.logs || context.logs.some((log) => isUnreadable(log, target.engine) || isDoubted(log)))
    return false;
  const cut = context.logs.filter(({ truncated, wholeSince }) => truncated && wholeSince !== null);
  return need === "error log" || !cut.some(({ kind }) => kind === "error");
}

function answeredCalls({ missing }: Evidence): readonly string[] {
  return Object.entries(contextCalls)
    .filter(([, silent]) => !missing.some(({ what }) => silent.test(what)))
    .map(([call]) => call);
}

/** The calls of RDS that rules need, and how each is named among what is missing. */
const contextCalls = {
  DescribeDBInstances: /^topology$/,
  DescribeDBSnapshots: /^snapshots$/,
  DescribeEvents: /^RDS events of /,
  DescribePendingMaintenanceActions: /^pending maintenance$/,
  DescribeDBParameters: /^parameters of the members' groups$/,
} as const satisfies Record<string, RegExp>;
