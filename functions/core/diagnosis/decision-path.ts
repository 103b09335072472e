import type { Diagnosis } from "../contract/finding.ts";
import { blockingOf } from "../facts/blocking.ts";
import { capacityOf, takenText } from "../facts/capacity.ts";
import { latestMetric } from "../facts/latest-metric.ts";
import { unansweredLocks } from "../facts/questions.ts";
import { secondBestOf } from "../facts/second-best.ts";
import { secondBestText } from "../facts/second-best-text.ts";
import { responseOf } from "../facts/severity.ts";
import type { View } from "../facts/view.ts";
import { duration, list, percent, plural } from "../text/wording.ts";
import { alarmText } from "./alarm-words.ts";
import { cannotJudge } from "./cannot-judge.ts";
import { longestText } from "./headline.ts";
import { replicationAnswer } from "./replication-answer.ts";

const notSeen = "could not be seen";

type Step = Diagnosis["path"][number];

export interface Judged extends Pick<Diagnosis, "severity" | "verdict"> {
  readonly findings: number;
}

/** The way through the decision tree (SPEC D5), with the answer that each question got. */
export function decisionPath(view: View, judged: Judged): Step[] {
  return [
    { question: "Is the database reachable?", answer: reachable(view) },
    { question: "Can the responder sign in?", answer: signedIn(view) },
    { question: "Are connection slots free?", answer: slots(view) },
    { question: "Does anyone wait for a lock?", answer: locks(view) },
    { question: "Do statements run long?", answer: longestText(view) ?? notSeen },
    { question: "Are resources short?", answer: resources(view) },
    { question: "Is replication behind?", answer: replicationAnswer(view) },
    { question: "How bad is it?", answer: howBad(view, judged) },
  ];
}

function reachable({ evidence }: View): string {
  const { status, failedStep, tookMs, refusedWith } = evidence.connection;
  switch (status) {
    case "connected":
      return `yes, in ${duration(tookMs / 1000)}`;
    case "not-tried":
      return "not tried";
    case "not-connected":
      return failedStep === "sign-in" || failedStep === "no-free-slot" || refusedWith !== undefined
        ? "yes, the server answers"
        : `no: failed at ${failedStep ?? "an unknown step"}`;
    default:
      return status satisfies never;
  }
}

function signedIn({ evidence }: View): string {
  const { status, failedStep } = evidence.connection;
  if (status === "connected") return "yes";
  return failedStep === "sign-in" ? "no: refused" : "not known";
}

function slots(view: View): string {
  if (view.evidence.connection.failedStep === "no-free-slot") return "no: the responder was refused";
  const capacity = capacityOf(view);
  if (capacity === null) return notSeen;
  const { used, usable, level } = capacity;
  if (used > usable) return `no: ${takenText(capacity)}`;
  return `${level === "full" ? "no" : "yes"}: ${used} of ${usable} used (${percent(used, usable)})`;
}

function locks(view: View): string {
  const { graph, queues } = blockingOf(view);
  const unanswered = unansweredLocks(view);
  if (graph.waiters === 0 && unanswered.length > 0) return secondBestLocks(view, unanswered);
  if (graph.waiters === 0) return "no one";
  const roots = plural(graph.roots.length, "root blocker");
  const queued = queues.length === 0 ? "" : `, ${plural(queues.length, "queue")} behind a lock request`;
  const beside = unanswered.length === 0 ? "" : `; ${list(unanswered)} could not be seen`;
  return `yes: ${plural(graph.waiters, "session")} behind ${roots}${queued}${beside}`;
}

/** Never "no one" without having looked at everybody in some way. */
function secondBestLocks(view: View, unanswered: readonly string[]): string {
  const second = secondBestOf(view);
  const whole = `${list(unanswered)} ${notSeen}`;
  if (second === null) return whole;
  const told = second.waiters === 0 ? "no one" : secondBestText(second, view.evidence.target.engine);
  return `by ${second.by} (second best, ${whole}): ${told}`;
}

function resources({ evidence }: View): string {
  const cpu = latestMetric(evidence, ["CPUUtilization"]);
  const load = latestMetric(evidence, ["DBLoad"]);
  const parts = [
    cpu === null ? null : `CPU ${Math.round(cpu.value)} %`,
    load === null ? null : `DB load ${Math.round(load.value * 10) / 10}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? notSeen : parts.join(", ");
}

const extents = { P0: "outage", P1: "severe", P2: "partial", P3: "none" } as const;

function howBad(view: View, { severity, verdict, findings }: Judged): string {
  const alarm = alarmText(view);
  if (verdict === "unknown") return cannotJudge(view);
  if (severity === null)
    return `none found${alarm === null ? "" : `; the alarm on ${alarm} is not explained`}`;
  const { minutes, label } = responseOf(severity);
  const within = minutes < 60 ? `${minutes} min` : `${minutes / 60} h`;
  return `${extents[severity]}: ${severity}${label === null ? "" : ` (${label})`}, answer within ${within}; ${plural(findings, "finding")}`;
}
