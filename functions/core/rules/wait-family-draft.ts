import type { CauseId } from "../contract/cause-ids.ts";
import { type FamilyWait, familyWait } from "../facts/family-wait.ts";
import { isCrowd } from "../facts/inside-wait.ts";
import { heaviestUser } from "../facts/insights.ts";
import { baselineText, metricFact, usualHigh } from "../facts/metric-facts.ts";
import { crowdedMinutes } from "../facts/outside-load.ts";
import { fromOutside, vcpusOfTarget } from "../facts/rds-facts.ts";
import { isMany } from "../facts/severity.ts";
import { rounded } from "../facts/statements.ts";
import type { View } from "../facts/view.ts";
import { asEverText, waitersByInsights } from "../facts/wait-load.ts";
import { severityOfWaits, workFallen } from "../facts/work-fallen.ts";
import { lasted } from "../text/wording.ts";
import type { FindingDraft } from "./define.ts";

/** Without a look inside: what PostgreSQL's sessions wait for by Performance Insights, where no rule of its own reads it. */
export function waitFamilyDrafts(view: View, cause: CauseId): readonly FindingDraft[] {
  const found = familyWait(view, cause);
  return found === null ? [] : [draftOf(view, cause, found)];
}

function draftOf(view: View, cause: CauseId, { family, names, wait }: FamilyWait): FindingDraft {
  const { sessions, percent, statement, evidence, asEver } = wait;
  const { kind, what, helps, vague } = family;
  const load = metricFact(view, "DBLoad");
  const minutes = crowdedMinutes(view);
  const fallen = workFallen(view);
  const user = heaviestUser(view);
  const source = "Performance Insights";
  return {
    subject: kind,
    severity: asEver || isBearable(view, sessions) ? "P3" : severityOfWaits(view, sessions),
    confidence: fromOutside(view, vague ? 0.6 : 0.75),
    summary: `${Math.round(sessions)} sessions on average${vcpus(view)} wait for ${what}, ${Math.round(percent)} % of the load${minutes === null ? "" : ` for ${lasted(minutes)}`}${statement === null ? "" : `; most load: ${statement}`}; nobody is to be ended for it${asEverText(wait)}`,
    evidence: [
      ...evidence,
      ...waitersByInsights(view, names).map((waiter) => ({
        source,
        says: `${rounded(waiter.sessions)} of them at a time: ${waiter.statement}`,
      })),
      ...(user === null ? [] : [{ source, says: user }]),
      ...(load === null
        ? []
        : [{ source: load.id, says: `${rounded(load.latest)}${baselineText(load, rounded)}` }]),
      ...(fallen === null ? [] : [fallen]),
      { source: "engine", says: `what helps: ${helps}` },
    ],
    explains: [
      { cause: "connections-near-limit", because: "who waits keeps its connection" },
      ...(cause === "latch-contention" ? latchExplains : []),
    ],
    actions: [],
  };
}

/** Of serverless capacity nobody tells the CPUs: there it is how many wait. */
function isBearable(view: View, sessions: number): boolean {
  const load = metricFact(view, "DBLoad");
  if (load === null || isCrowd(view)) return false;
  if (load.latest < 2 * (usualHigh(load) ?? 0)) return true;
  return vcpusOfTarget(view) !== null || !isMany(sessions, null);
}

const latchExplains: FindingDraft["explains"] = [
  { cause: "cpu-saturated", because: "who waits for a latch spins on a CPU" },
  { cause: "instance-undersized", because: "more CPUs do not shorten the queue for it" },
];

function vcpus(view: View): string {
  const count = vcpusOfTarget(view);
  return count === null ? "" : `, on ${count} vCPUs,`;
}
