import { eventsOf, fromOutside, recentEvents } from "../../facts/rds-facts.ts";
import { keepsRelayLog } from "../../facts/relay-log.ts";
import { ownReplication, type ReplicaFact, type Stop } from "../../facts/replica-facts.ts";
import { replicasFromOutside } from "../../facts/replica-metrics.ts";
import { spaceOf } from "../../facts/storage-space.ts";
import { subscriptionFacts } from "../../facts/subscriptions.ts";
import type { View } from "../../facts/view.ts";
import { openedForWrites } from "../../facts/written-replica.ts";
import { postgresFailingStatementsRows } from "../../probes/postgres/failing-statements-rows.ts";
import { postgresSubscriptionsRows } from "../../probes/postgres/subscriptions-rows.ts";
import { resumeReplication } from "../../remedies/replication-remedies.ts";
import { duration } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

export const replicationStopped = defineRule({
  id: "replication-stopped",
  spec: ["D4", "P12", "P31"],
  category: "replication",
  title: "A replica no longer applies what its source writes",
  needs: [
    "postgres-replication-receiver",
    "postgres-subscriptions",
    "mysql-replication",
    "mariadb-replication",
    "ReplicaLag",
    "DescribeDBInstances",
  ],
  evaluate: (view) => {
    const own = [...ownReplication(view), ...subscriptionFacts(view)].map((fact) => ({ fact, seen: true }));
    const others = replicasFromOutside(view).map((fact) => ({ fact, seen: false }));
    return [...own, ...others].flatMap(({ fact, seen }) =>
      fact.stop === null ? [] : [draftOf(view, fact, fact.stop, seen)],
    );
  },
});

function draftOf(view: View, fact: ReplicaFact, stop: Stop, seen: boolean): FindingDraft {
  const asked = askedFor(view, fact);
  const opened = openedForWrites(view, fact.subject, stop);
  const fills = (fact.subject === "" || fact.subject === view.evidence.target.name) && keepsRelayLog(view);
  const effect = stop.behind
    ? `its readers see old data${fact.source === postgresSubscriptionsRows.id ? "" : ", and it is no candidate for a failover"}`
    : "nothing waits to be replayed yet";
  return {
    subject: fact.subject,
    // Broken needs a person; a stop that was asked for is known to somebody, but its readers do not know.
    severity: stop.error !== null ? "P1" : stop.behind ? "P2" : "P3",
    confidence: seen ? 0.95 : fromOutside(view, 0.8),
    summary: `Replication is stopped on ${fact.who}: ${stop.why}${stop.error === null ? "" : ` (${stop.error})`}${opened}; ${effect}${fills ? fillsText(view) : ""}${asked === null ? "" : `; ${asked}`}`,
    evidence: [
      ...fact.notes.map((says) => ({ source: fact.source, says })),
      ...(fact.applierState == null ? [] : [{ source: fact.source, says: `applier: ${fact.applierState}` }]),
      ...(fact.notes.length === 0 ? [{ source: fact.source, says: stop.why }] : []),
    ],
    explains: [
      { cause: "replication-lag", subject: fact.subject, because: "nothing is applied" },
      { cause: "wal-retained-by-slot", because: "the primary keeps what the replica has not fetched" },
      ...failedTries(view, fact, stop),
      ...(fills
        ? [
            {
              cause: "storage-low",
              subject: "",
              because: "its relay log grows by all that it does not apply",
            } as const,
          ]
        : []),
    ],
    actions: resumeReplication(view, fact, stop),
  };
}

/** Storage that runs out is told behind it; by when is what a person has to know first. */
function fillsText(view: View): string {
  const { left } = spaceOf(view);
  return `; what it receives and does not apply fills its volume${left === null ? "" : `, in ${duration(left)} at the pace of the last minutes`}`;
}

/** Each try of a subscription's worker is a transaction that rolls back; others that fail are told for themselves. */
function failedTries(view: View, { source }: ReplicaFact, { error }: Stop): FindingDraft["explains"] {
  const others = view.rows(postgresFailingStatementsRows) ?? [];
  if (source !== postgresSubscriptionsRows.id || error === null || others.length > 0) return [];
  return [{ cause: "error-storm", because: "each try of its worker rolls back" }];
}

/** RDS-EVENT-0062 and 0359: somebody stopped it, or wanted it to stop at a point. */
function askedFor(view: View, { subject, source }: ReplicaFact): string | null {
  const of = source === "DescribeEvents" || subject !== "" ? subject : view.evidence.target.name;
  const event = [...eventsOf(view, of, 24 * 60), ...recentEvents(view, 24 * 60)].find(({ message }) =>
    /replication.*(manually stopped|stop point|was stopped by)/i.test(message),
  );
  return event === undefined ? null : `RDS says it was asked for: ${event.message}`;
}
