import { metricFact, usualHigh } from "./metric-facts.ts";
import { minutesSince } from "./rds-facts.ts";
import type { View } from "./view.ts";
import { whatChanged } from "./what-changed.ts";

export interface LoweredLimit {
  /** "; the change of max_connections to 200, 42 min ago, leaves fewer than the 262 of a day or a week ago". */
  readonly says: string;
  readonly evidence: readonly { readonly source: string; readonly says: string }[];
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections */
const setBack =
  "max_connections was set: back to what it was, all who are usual find room; MySQL and MariaDB take it without a restart, and nobody has to be ended for it";

/** A limit on all connections that was set within a day to less than were open at this time before; null without one. */
export function loweredLimit(view: View): LoweredLimit | null {
  const fact = metricFact(view, "DatabaseConnections");
  const usual = fact === null ? null : usualHigh(fact);
  const change = whatChanged(view).find(({ name }) => name === "max_connections");
  if (usual === null || change === undefined || !(Number(change.to) < usual)) return null;
  const minutes = minutesSince(view, change.at);
  return {
    says: `; ${change.says}, ${minutes} min ago, leaves fewer than the ${Math.round(usual)} of a day or a week ago`,
    evidence: [{ source: change.source, says: `${change.at} ${setBack}` }],
  };
}
