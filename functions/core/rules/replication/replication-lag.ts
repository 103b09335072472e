import { fromOutside, selfOf } from "../../facts/rds-facts.ts";
import { ownReplication, type ReplicaFact } from "../../facts/replica-facts.ts";
import { lagLimit, replicasFromOutside, replicasFromWriter } from "../../facts/replica-metrics.ts";
import { restartOf } from "../../facts/restarts.ts";
import type { View } from "../../facts/view.ts";
import { duration } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

export const replicationLag = defineRule({
  id: "replication-lag",
  spec: ["D4", "P12", "P31"],
  category: "replication",
  title: "A replica is far behind",
  needs: [
    "postgres-replication-receiver",
    "postgres-replication",
    "postgres-replication-aurora",
    "mysql-replication",
    "mariadb-replication",
    "mysql-replication-aurora",
    "ReplicaLag",
    "AuroraReplicaLag",
  ],
  evaluate: (view) => {
    const inside = [...ownReplication(view), ...replicasFromWriter(view)].filter((fact) =>
      isLate(view, fact),
    );
    const late = inside.map((fact) => draftOf(view, fact, true));
    // The writer's names for its standbys are not those of RDS; one that it sees late need not be told twice.
    const outside = late.length > 0 ? [] : replicasFromOutside(view).filter((fact) => isLate(view, fact));
    return [...late, ...outside.map((fact) => draftOf(view, fact, false))];
  },
});

function isLate(view: View, { lagSeconds, source }: ReplicaFact): boolean {
  return lagSeconds !== null && lagSeconds >= lagLimit(view, source);
}

function draftOf(view: View, fact: ReplicaFact, seen: boolean): FindingDraft {
  const lag = fact.lagSeconds ?? 0;
  const behind = Number.isFinite(lag) ? duration(lag) : "more than 1 GiB of WAL";
  const delay =
    fact.intendedDelaySeconds === 0
      ? ""
      : ` beyond the ${duration(fact.intendedDelaySeconds)} that it is meant to stay`;
  return {
    subject: fact.subject,
    severity: fact.doubt === undefined ? "P2" : "P3",
    confidence: seen ? 0.9 : fromOutside(view, fact.doubt === undefined ? 0.8 : 0.3),
    summary: `${behind} behind${delay}: ${fact.who}; what it answers is that old${fact.doubt === undefined ? "" : `, unless ${fact.doubt}`}`,
    evidence: [
      { source: fact.source, says: `lag ${behind}` },
      ...fact.notes.map((says) => ({ source: fact.source, says })),
      ...statusNote(view, fact),
    ],
    // For any other reason than its lag a restart is no symptom of it.
    explains:
      restartOf(view, fact.subject === "" ? view.evidence.target.name : fact.subject)?.cause?.is === "lag"
        ? [
            {
              cause: "restart-or-crash",
              subject: fact.subject,
              because: "Aurora restarts a reader that is too far behind",
            },
          ]
        : [],
    actions: [],
  };
}

function statusNote(view: View, { subject }: ReplicaFact): { source: string; says: string }[] {
  const self = subject === "" ? selfOf(view) : null;
  const status = self?.replication?.status ?? null;
  return status === null ? [] : [{ source: "DescribeDBInstances", says: `replication ${status}` }];
}
