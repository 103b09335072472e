import { duration } from "../text/wording.ts";
import { isAlarming, metricFact } from "./metric-facts.ts";
import { samplesOf } from "./metric-levels.ts";
import type { ReplicaFact } from "./replica-facts.ts";
import type { View } from "./view.ts";

/** Its lag is told without the delay that it is known to have been given. */
export function beyondText({
  intendedDelaySeconds: delay,
}: Pick<ReplicaFact, "intendedDelaySeconds">): string {
  return delay === 0 ? "" : ` beyond the ${duration(delay)} that it is meant to stay`;
}

const held = 0.1;
const someHours = 24;

/** Why its lag is no fault by all that was seen; "" where it is one. */
export function asMeantText(view: View, fact: Pick<ReplicaFact, "subject">): string {
  return heldText(view, fact) || catchesUpText(view, fact);
}

/** The same to a tenth in all hours that were read, a day and a week ago: a delay that somebody has set, by all that is seen. */
function heldText(view: View, { subject }: Pick<ReplicaFact, "subject">): string {
  const fact = metricFact(view, "ReplicaLag", subject === "" ? undefined : subject);
  // Whoever has set an alarm on it did not mean it to be so.
  if (fact === null || fact.day === null || fact.week === null || isAlarming(view, fact.id)) return "";
  const values = [...samplesOf(fact).map(({ value }) => value), fact.day, fact.week];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return values.length < someHours || least < (1 - held) * most
    ? ""
    : "; it has been so all the while, a day and a week ago too, as where somebody has set a delay";
}

/** A copy of many hundred GiB takes hours before; then its source's writes of that time are left. */
const newMs = 12 * 3_600_000;
/** So much less than it was at most within the window. */
const fallen = 0.8;

/**
 * Of a replica that was made today, and takes in what was written since its snapshot: it has no past, and its lag falls.
 */
function catchesUpText(view: View, { subject }: Pick<ReplicaFact, "subject">): string {
  const fact = metricFact(view, "ReplicaLag", subject === "" ? undefined : subject);
  const hasNoPast = fact !== null && fact.day === null && fact.week === null;
  if (!hasNoPast || isAlarming(view, fact.id) || !isNew(view, subject)) return "";
  const [older, newer] = [fact.points.at(-4)?.value ?? 0, fact.latest];
  const most = Math.max(...fact.points.map(({ value }) => value));
  return newer < older && newer <= fallen * most
    ? "; it is new, and takes in what was written since it was made"
    : "";
}

function isNew({ evidence: { target, context, collectedAt } }: View, subject: string): boolean {
  const id = subject === "" ? target.name : subject;
  const made = context?.topology?.members.find((member) => member.id === id)?.createdAt ?? null;
  return made !== null && Date.parse(collectedAt) - Date.parse(made) <= newMs;
}
