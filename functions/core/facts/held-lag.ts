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

/** The same to a tenth in all hours that were read, a day and a week ago: a delay that somebody has set, by all that is seen. */
export function heldText(view: View, { subject }: Pick<ReplicaFact, "subject">): string {
  const fact = metricFact(view, "ReplicaLag", subject === "" ? undefined : subject);
  // Whoever has set an alarm on it did not mean it to be so.
  if (fact === null || fact.day === null || fact.week === null || isAlarming(view, fact.id)) return "";
  const values = [...samplesOf(fact).map(({ value }) => value), fact.day, fact.week];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return values.length < someHours || least < (1 - held) * most
    ? ""
    : "; it has been so all the while, a day and a week ago too, as where somebody has set a delay";
}
