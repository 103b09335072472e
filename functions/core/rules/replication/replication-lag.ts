import { type AppliedChange, appliedChange } from "../../facts/applied-change.ts";
import { asMeantText, beyondText } from "../../facts/held-lag.ts";
import { ioPressure } from "../../facts/io-pressure.ts";
import { lagPace } from "../../facts/lag-pace.ts";
import { type LikelyLag, likelyLags, untoldLags } from "../../facts/likely-lag.ts";
import { type OlderThanLag, olderThanLag } from "../../facts/older-than-lag.ts";
import { fromOutside, selfOf } from "../../facts/rds-facts.ts";
import { ownReplication, type ReplicaFact } from "../../facts/replica-facts.ts";
import { binlogLag, lagLimit, replicasFromOutside, replicasFromWriter } from "../../facts/replica-metrics.ts";
import { restartOf } from "../../facts/restarts.ts";
import { type SourceWrites, sourceWrites } from "../../facts/source-writes.ts";
import { subscriptionFacts } from "../../facts/subscriptions.ts";
import type { View } from "../../facts/view.ts";
import { duration, list } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

export const replicationLag = defineRule({
  id: "replication-lag",
  spec: ["D4", "P12", "P31"],
  category: "replication",
  title: "A replica is far behind",
  needs: [
    "postgres-replication-receiver",
    "postgres-subscriptions",
    "postgres-replication",
    "postgres-replication-aurora",
    "mysql-replication",
    "mariadb-replication",
    "mysql-replication-aurora",
    "ReplicaLag",
    "AuroraReplicaLag",
    "AuroraBinlogReplicaLag",
    "TransactionLogsGeneration",
    "DescribeEvents",
  ],
  evaluate: (view) => {
    const inside = [...ownReplication(view), ...subscriptionFacts(view), ...replicasFromWriter(view)].filter(
      (fact) => isLate(view, fact),
    );
    const late = inside.map((fact) => draftOf(view, fact, true));
    // The writer's names for its standbys are not those of RDS; one that it sees late need not be told twice.
    if (late.length > 0) return late;
    const outside = replicasFromOutside(view);
    const told = new Set(outside.map(({ subject }) => subject));
    return [
      ...outside.filter((fact) => isLate(view, fact)).map((fact) => draftOf(view, fact, false)),
      ...(told.has(view.evidence.target.name) ? [] : untoldLags(view)).map((fact) => likelyDraft(view, fact)),
      ...likelyLags(view).flatMap((fact) => (told.has(fact.subject) ? [] : likelyDraft(view, fact))),
    ];
  },
});

/** The lag itself was not read: what speaks for it, with its doubt. */
function likelyDraft(view: View, fact: LikelyLag): FindingDraft {
  const writes = sourceWrites(view, fact.subject);
  const behind = fact.lagSeconds === null ? "behind" : `${duration(fact.lagSeconds)} behind`;
  const applied = appliedHere(view, fact);
  return {
    subject: fact.subject,
    severity: "P2",
    confidence: fromOutside(view, fact.confidence),
    summary: `Likely ${behind}: ${fact.who} (${list(fact.notes)}); ${fact.doubt ?? "not seen"}${appliedText(applied)}${causeText(writes)}`,
    evidence: [
      ...fact.notes.map((says) => ({ source: fact.source, says })),
      ...appliedNote(applied),
      ...(writes === null ? [] : [{ source: writes.metric, says: writes.says }]),
      ...statusNote(view, fact),
    ],
    explains: explained(view, writes),
    actions: [],
  };
}

function causeText(writes: SourceWrites | null): string {
  return writes === null || writes.state === "busy" ? "" : `; ${writes.says}`;
}

/** What the source writes in bulk keeps the replica that was looked at busy: its storage and its CPU apply it. */
function explained(view: View, writes: SourceWrites | null): FindingDraft["explains"] {
  if (writes?.state !== "surge" || writes.source === view.evidence.target.name) return [];
  const because = "the writes that outrun the replica make that work";
  return [
    { cause: "io-saturated", because },
    { cause: "cpu-saturated", because },
  ];
}

function isLate(view: View, { lagSeconds, source }: ReplicaFact): boolean {
  return lagSeconds !== null && lagSeconds >= lagLimit(view, source);
}

function draftOf(view: View, fact: ReplicaFact, seen: boolean): FindingDraft {
  const lag = fact.lagSeconds ?? 0;
  const writes = sourceWrites(view, fact.subject === "" ? view.evidence.target.name : fact.subject);
  const own =
    fact.subject === "" || fact.subject === view.evidence.target.name || ownReplication(view).length > 0;
  const applied = own ? appliedChange(view, lag) : null;
  const older = olderThanLag(view, fact);
  const behind = Number.isFinite(lag) ? duration(lag) : "more than 1 GiB of WAL";
  const asMeant = seen ? "" : asMeantText(view, fact);
  return {
    subject: fact.subject,
    severity: fact.doubt === undefined && asMeant === "" ? "P2" : "P3",
    confidence: seen ? 0.9 : fromOutside(view, fact.doubt === undefined ? 0.8 : 0.3),
    summary: `${behind} behind${beyondText(fact)}: ${fact.who}; what it answers is that old${fact.doubt === undefined ? "" : `, unless ${fact.doubt}`}${asMeant}${lagPace(view, fact)}${older.says}${appliedText(applied)}${causeText(writes)}${volumeText(view, own)}`,
    evidence: [
      { source: fact.source, says: `lag ${behind}` },
      ...notesOf(fact, applied).map((says) => ({ source: fact.source, says })),
      ...appliedNote(applied),
      ...(writes === null ? [] : [{ source: writes.metric, says: writes.says }]),
      ...(applied === null ? heldUp(view, fact, older) : []),
      ...statusNote(view, fact),
    ],
    explains: [...(fact.doubt === undefined ? explained(view, writes) : []), ...restartFor(view, fact)],
    actions: [],
  };
}

/** What it is given, and not what it is asked, keeps a replica from applying faster. */
function volumeText(view: View, own: boolean): string {
  const io = own ? ioPressure(view) : null;
  return io === null || io.sign === "waits" || io.severity === "P3"
    ? ""
    : `; its own ${io.says.split(";")[0] ?? ""}`;
}

/** For any other reason than its lag a restart is no symptom of it. */
function restartFor(view: View, { subject }: ReplicaFact): FindingDraft["explains"] {
  const { name } = view.evidence.target;
  const restart = restartOf(view, subject === "" ? name : subject);
  if (restart?.cause?.is !== "lag") return [];
  // Of the database that was looked at a restart has no subject.
  const of = subject === name ? "" : subject;
  return [
    { cause: "restart-or-crash", subject: of, because: "Aurora restarts a reader that is too far behind" },
  ];
}

/** Whoever is on the replica need not be told to look there. */
function heldUp(
  view: View,
  { subject, source }: ReplicaFact,
  { evidence }: OlderThanLag,
): FindingDraft["evidence"] {
  const { name, flavour } = view.evidence.target;
  const onIt = flavour !== "aurora" && subject === name && view.server !== null;
  if (ownReplication(view).length > 0 || evidence.length > 0) return evidence;
  return onIt
    ? [{ source: "replication", says: "what holds it up was not seen in this look" }]
    : elsewhere(view, source);
}

/**
 * Locks and scans of an applier are its own server's to tell. A reader of Aurora applies no log: it drops from its cache
 * what the writer has changed.
 * https://repost.aws/knowledge-center/aurora-read-replica-restart
 */
function elsewhere({ evidence: { target } }: View, source: string): FindingDraft["evidence"] {
  const says =
    target.flavour === "aurora" && source !== binlogLag
      ? "an Aurora reader shares the writer's volume and only takes in what has changed of the pages in its cache: it falls behind where its CPU is full, a long read holds it up, or the writer changes more than it takes in"
      : "what holds up a replica's applier (a lock, a table without a key, a long change) shows on the replica only: look there, too";
  return [{ source: "replication", says }];
}

/** Null of any other replica: who looks at the source sees nothing of it. */
function appliedHere(view: View, { subject, lagSeconds }: Pick<ReplicaFact, "subject" | "lagSeconds">) {
  const own = subject === "" || subject === view.evidence.target.name || ownReplication(view).length > 0;
  return own ? appliedChange(view, lagSeconds ?? 0) : null;
}

function appliedText(applied: AppliedChange | null): string {
  return applied === null ? "" : `; it is applying ${applied.what}`;
}

/** What its thread does this very moment is of use only where nothing says more. */
function notesOf({ notes, applierState }: ReplicaFact, applied: AppliedChange | null): readonly string[] {
  return applied !== null || applierState == null ? notes : [...notes, `applier: ${applierState}`];
}

/** One long change keeps all that come after it: an ALTER that took an hour on the source takes one here. */
function appliedNote(applied: AppliedChange | null): FindingDraft["evidence"] {
  if (applied === null) return [];
  const { source, says, isDdl, waits } = applied;
  if (waits) return [{ source, says }];
  const why = isDdl
    ? "a change of a table takes as long here as on its source, and what comes after it waits; it catches up by itself"
    : "what comes after one long change waits for it; on the source, smaller transactions (DELETE in pieces) keep replicas close";
  return [
    { source, says },
    { source: "replication", says: why },
  ];
}

function statusNote(view: View, { subject }: ReplicaFact): { source: string; says: string }[] {
  const self = subject === "" ? selfOf(view) : null;
  const status = self?.replication?.status ?? null;
  return status === null ? [] : [{ source: "DescribeDBInstances", says: `replication ${status}` }];
}
