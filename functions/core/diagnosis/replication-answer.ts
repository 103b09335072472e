import { hasIdleSource, idleSaw } from "../facts/idle-source.ts";
import { latestMetric } from "../facts/latest-metric.ts";
import { ownReplication, type ReplicaFact } from "../facts/replica-facts.ts";
import { lagLimit, replicasFromWriter } from "../facts/replica-metrics.ts";
import { subscriptionFacts } from "../facts/subscriptions.ts";
import type { View } from "../facts/view.ts";
import { duration } from "../text/wording.ts";

export const unseenReplication = "could not be seen";

/** What the database says of its own replication and of its replicas' comes first, then CloudWatch. */
export function replicationAnswer(view: View): string {
  return (
    fromInside(view) ?? fromMetrics(view) ?? (askedInside(view) ? "no replica was seen" : unseenReplication)
  );
}

function fromInside(view: View): string | null {
  const facts = [...ownReplication(view), ...subscriptionFacts(view), ...replicasFromWriter(view)];
  const stopped = facts.find(({ stop }) => stop !== null);
  if (stopped?.stop) return `yes, it does not run on ${stopped.who}: ${stopped.stop.why}`;
  const [worst] = facts.toSorted((a, b) => (b.lagSeconds ?? -1) - (a.lagSeconds ?? -1));
  if (worst === undefined) return null;
  const { lagSeconds, who } = worst;
  if (lagSeconds === null) return `not known: ${who} does not tell its lag`;
  return `${isLate(view, worst) ? "yes" : "no"}: ${lagText(lagSeconds)} (${who})`;
}

function isLate(view: View, { lagSeconds, source }: ReplicaFact): boolean {
  return (lagSeconds ?? 0) >= lagLimit(view, source);
}

/** The writer counts bytes where it has no clock to go by. */
function lagText(seconds: number): string {
  return Number.isFinite(seconds) ? duration(seconds) : "more than 1 GiB of WAL";
}

function fromMetrics(view: View): string | null {
  const { evidence, thresholds } = view;
  const seconds = latestMetric(evidence, ["ReplicaLag"]);
  const milliseconds = latestMetric(evidence, ["AuroraReplicaLag", "AuroraReplicaLagMaximum"]);
  const lag = seconds?.value ?? (milliseconds === null ? null : milliseconds.value / 1000);
  if (lag === null) return null;
  // RDS reports −1 when replication does not run: unknown, never zero.
  if (lag < 0) return "not known: the metric is negative";
  if (seconds !== null && hasIdleSource(view)) return `no: ${duration(lag)}, ${idleSaw}`;
  return `${lag >= thresholds.replicationLagSeconds ? "yes" : "no"}: ${duration(lag)}`;
}

const asking = [
  "postgres-replication",
  "postgres-replication-receiver",
  "mysql-replication",
  "mariadb-replication",
];

function askedInside({ evidence }: View): boolean {
  const ok = evidence.probes.filter(({ status }) => status === "ok");
  // The first look asks whom it follows, and not who follows it.
  return ok.some(({ tier }) => tier !== "immediate") && ok.some(({ id }) => asking.includes(id));
}
