import type { Finding, Verdict } from "../contract/finding.ts";
import type { Session } from "../contract/session.ts";
import { blamedChange } from "../facts/blamed-change.ts";
import { blockingOf } from "../facts/blocking.ts";
import { capacityOf } from "../facts/capacity.ts";
import { deviations } from "../facts/deviations.ts";
import { isProtectedApplication } from "../facts/protected.ts";
import { unansweredLocks } from "../facts/questions.ts";
import { ownReplication } from "../facts/replica-facts.ts";
import { runningStatements } from "../facts/running.ts";
import { secondBestOf } from "../facts/second-best.ts";
import { unreadAlarm } from "../facts/unread-metrics.ts";
import { untoldWords } from "../facts/untold-words.ts";
import type { View } from "../facts/view.ts";
import { duration, plural } from "../text/wording.ts";
import { standingAlarm, unexplained, usualAlarm } from "./alarm-words.ts";
import { cannotJudge } from "./cannot-judge.ts";
import { crowdText, outsideNumbers, recoveredText } from "./outside-numbers.ts";
import { replicationAnswer, unseenReplication } from "./replication-answer.ts";
import { isGravelyAmiss } from "./verdict.ts";

interface Judged {
  readonly roots: readonly Finding[];
  readonly findings: readonly Finding[];
  readonly verdict: Verdict;
}

/** The root cause, or that nothing is wrong with the numbers that say so, or who cannot see what. */
export function headlineOf(view: View, { roots, findings, verdict }: Judged): string {
  const [first, ...others] = roots;
  if (first !== undefined && roots.some(({ severity }) => severity !== "P3")) {
    const serious = others.filter(({ severity }) => severity !== "P3").length;
    const more = serious === 0 ? "" : `; and ${plural(serious, "other independent cause")}`;
    return `${first.summary}${more}.`;
  }
  const note = first === undefined ? "" : ` Worth knowing: ${first.summary}.`;
  if (verdict !== "well") {
    // That it sleeps says why nobody got in; what it does awake, nobody knows.
    if (first?.id === "database-unreachable") return `${first.summary}.`;
    const recovered = recoveredText(view);
    // What has long been so answers no alarm.
    const answered = recovered !== "" || (first !== undefined && first.nature !== "chronic");
    const alarm = answered ? "" : unexplained(view);
    const words = untoldWords(view, findings).map(({ says }) => ` ${says}.`);
    return `${cannotJudge(view)}${words.join("")}${fromOutside(view, words.length > 0)}${changedBefore(view, findings)}${alarm}${recovered}${note}`;
  }
  const unread = unreadAlarm(view);
  const alarm = unread === null ? usualAlarm(view) || standingAlarm(view) : ` ${unread}.`;
  return `Nothing wrong found: ${numbers(view)}.${unansweredText(view)}${recoveredText(view)}${alarm}${note}`;
}

/** The common questions have their answers: of the others it is said how many have none. */
function unansweredText({ evidence: { probes } }: View): string {
  const unanswered = probes.filter(({ status }) => status === "failed" || status === "timeout").length;
  return unanswered === 0
    ? ""
    : ` ${unanswered} of ${plural(probes.length, "probe")} brought no answer: what only they see was not judged.`;
}

/** Not a word of health, but what there is to go by. */
function fromOutside(view: View, told: boolean): string {
  const seen = outsideNumbers(view);
  if (seen.length === 0) return "";
  const crowd = crowdText(view);
  const nothing = told ? "Its metrics show nothing of it" : "From outside nothing serious shows";
  return crowd === null ? ` ${nothing}: ${seen.join(", ")}.` : ` From outside ${crowd}: ${seen.join(", ")}.`;
}

/** What is not known yet began after something: nobody says that it is why. */
function changedBefore(view: View, findings: Judged["findings"]): string {
  const blamed = isGravelyAmiss(view, findings) ? blamedChange(view, deviations) : null;
  return blamed === null ? "" : ` Whatever it is, ${blamed.says}.`;
}

function numbers(view: View): string {
  const capacity = capacityOf(view);
  const active = view.connections
    ?.filter(({ state }) => state === "active")
    .reduce((sum, { count }) => sum + count, 0);
  const parts = [
    capacity === null ? null : `connections ${capacity.used} of ${capacity.usable}`,
    active === undefined ? null : `${active} active`,
    lockText(view),
    longestText(view),
    ...outsideNumbers(view),
    followsText(view),
    delayText(view),
  ];
  return parts.filter((part) => part !== null).join(", ");
}

/** A first look asks who waits; of a replica the first question of others is another. */
function followsText(view: View): string | null {
  const isReplica =
    view.evidence.target.role === "reader" || /replica|standby/i.test(view.server?.readOnlyBecause ?? "");
  const seen = replicationAnswer(view);
  return isReplica && seen === unseenReplication ? "whether it follows its source was not seen" : null;
}

/** Whoever looks for an alarm on its lag. */
function delayText(view: View): string | null {
  const delay = Math.max(0, ...ownReplication(view).map(({ intendedDelaySeconds }) => intendedDelaySeconds));
  return delay > 0 ? `kept ${duration(delay)} behind its source on purpose` : null;
}

function lockText(view: View): string | null {
  const { graph } = blockingOf(view);
  if (graph.waiters === 0) return noOneText(view);
  const waits = [...graph.members.values()]
    .map(({ waitsFor }) => waitsFor?.waitSeconds ?? null)
    .filter((seconds) => seconds !== null);
  const longest = waits.length === 0 ? "" : ` for ${duration(Math.max(...waits))} at most`;
  return `${plural(graph.waiters, "session waits", "sessions wait")} for a lock${longest}`;
}

/** Only what was looked at may be told as nobody. */
function noOneText(view: View): string | null {
  if (unansweredLocks(view).length === 0) return "no one waits for a lock";
  const second = secondBestOf(view);
  if (second === null) return null;
  return second.waiters === 0
    ? `no one waits for a lock by ${second.by} (second best)`
    : `${plural(second.waiters, "session waits", "sessions wait")} for a lock by ${second.by} (second best)`;
}

export function longestText(view: View): string | null {
  if (view.sessions === null) return null;
  const longest: Session | undefined = runningStatements(view, blockingOf(view))[0];
  if (longest === undefined || longest.statementSeconds === null) return "no statement running";
  const backup = isProtectedApplication(longest, view.policy) ? ` (${longest.application}, protected)` : "";
  return `longest statement ${duration(longest.statementSeconds)}${backup}`;
}
