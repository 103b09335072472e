import type { Explanation } from "../../contract/explanation.ts";
import type { Severity } from "../../contract/finding.ts";
import type { Member } from "../../contract/topology.ts";
import { loggedSlot } from "../../facts/logged-slots.ts";
import { metricFact } from "../../facts/metric-facts.ts";
import { bytesText, fromOutside, percentText, replicasElsewhere } from "../../facts/rds-facts.ts";
import { lagLimit, replicasFromOutside } from "../../facts/replica-metrics.ts";
import { consumerOf, isBeyondMaxWalSize, lostBecause } from "../../facts/slot-consumer.ts";
import type { View } from "../../facts/view.ts";
import { postgresDatabaseRatesWriterRows } from "../../probes/postgres/database-rates-writer-rows.ts";
import {
  postgresReplicationSlotsRows,
  type ReplicationSlotRow,
} from "../../probes/postgres/replication-slots-rows.ts";
import { dropSlotForWal } from "../../remedies/replication-remedies.ts";
import { compare } from "../../text/compare.ts";
import { duration, list } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";
import { defineRule } from "../define.ts";

const mib = 1024 ** 2;
const farOff = 10;

export const walRetainedBySlot = defineRule({
  id: "wal-retained-by-slot",
  spec: ["D4", "P12"],
  category: "resources",
  title: "A replication slot keeps WAL on disk",
  needs: ["postgres-replication-slots", "postgres-database-rates-writer", "OldestReplicationSlotLag"],
  evaluate: (view) => {
    const slots = view.rows(postgresReplicationSlotsRows);
    if (
      slots === null ||
      slots.every(({ retainedBytes, walStatus }) => retainedBytes === null && walStatus !== "lost")
    )
      return metricDraft(view);
    return slots
      .filter((slot) => isLarge(view, slot) || isLeft(slot) || isNearEnd(slot) || slot.walStatus === "lost")
      .toSorted((a, b) => (b.retainedBytes ?? 0) - (a.retainedBytes ?? 0) || compare(a.slot, b.slot))
      .map((slot) => slotDraft(view, slot));
  },
});

function isLarge(view: View, { retainedBytes }: ReplicationSlotRow): boolean {
  if (retainedBytes === null) return false;
  const free = metricFact(view, "FreeStorageSpace")?.latest ?? null;
  // On a small volume much less is a danger already.
  const dangerous = free !== null && retainedBytes >= 0.5 * free && retainedBytes >= 512 * mib;
  return retainedBytes >= view.thresholds.walRetainedMb * mib || dangerous;
}

/** Nobody reads, and the log has outgrown what it may take: it only grows from here on. */
function isLeft(slot: ReplicationSlotRow): boolean {
  return !slot.active && !slot.temporary && slot.retainedBytes !== null && isBeyondMaxWalSize(slot);
}

const lastPart = 0.1;

/** It is to be invalidated when so little more is written: its consumer would have to be built anew. */
function isNearEnd({ retainedBytes, safeWalBytes, keepLimitBytes, walStatus }: ReplicationSlotRow): boolean {
  if (retainedBytes === null || keepLimitBytes === null || safeWalBytes === null) return false;
  return (
    walStatus !== "lost" && safeWalBytes <= lastPart * keepLimitBytes && 2 * retainedBytes >= keepLimitBytes
  );
}

function slotDraft(view: View, slot: ReplicationSlotRow): FindingDraft {
  const lost = slot.walStatus === "lost";
  const bytes = slot.retainedBytes ?? 0;
  return {
    subject: slot.slot,
    severity: isLarge(view, slot) && !lost ? severityOf(view, bytes) : lost || isNearEnd(slot) ? "P2" : "P3",
    confidence: 0.9,
    summary: `${slot.kind} replication slot ${slot.slot} ${lost ? `is lost: ${lostBecause(slot)}, it must be built anew` : `keeps ${bytesText(bytes)} of WAL on disk for ${consumerOf(slot)}; ${usage(slot)}`}${limit(slot)}${slot.active || lost ? "" : timeLeft(view, slot)}`,
    evidence: [
      { source: postgresReplicationSlotsRows.id, says: `wal_status ${slot.walStatus ?? "unknown"}` },
      ...(slot.unconfirmedBytes === null
        ? []
        : [
            {
              source: postgresReplicationSlotsRows.id,
              says: `${bytesText(slot.unconfirmedBytes)} not confirmed by its consumer${slot.plugin === null ? "" : ` (${slot.plugin})`}`,
            },
          ]),
    ],
    explains: lost ? [] : fillsStorage(view, bytes),
    actions: mayComeBack(view, slot) ? [] : dropSlotForWal(view.evidence.target, slot),
  };
}

const goneSeconds = 3600;

/** Its consumer is there, or the slot is near its end only, and its consumer may come back in time. */
function mayComeBack(view: View, slot: ReplicationSlotRow): boolean {
  if (slot.active) return true;
  const isSmall = !isLarge(view, slot) && !isLeft(slot) && slot.walStatus !== "lost";
  return isSmall && (slot.inactiveSeconds ?? 0) < goneSeconds;
}

function usage({ active, activePid, inactiveSeconds }: ReplicationSlotRow): string {
  if (active) return `its consumer (pid ${activePid ?? "unknown"}) reads, but is far behind`;
  return inactiveSeconds === null
    ? "nobody reads from it"
    : `nobody has read from it for ${duration(inactiveSeconds)}`;
}

/** At the rate of the second in which somebody looked: a guess, and the only one that needs no history. */
function timeLeft(view: View, { keepLimitBytes, safeWalBytes }: ReplicationSlotRow): string {
  const perSecond = view.rows(postgresDatabaseRatesWriterRows)?.[0]?.walBytesPerSecond ?? null;
  if (perSecond === null) return "";
  const pace = `; ${bytesText(perSecond)} of WAL are written a second`;
  const free = metricFact(view, "FreeStorageSpace")?.latest ?? null;
  const cut = keepLimitBytes !== null && safeWalBytes !== null ? Math.max(0, safeWalBytes) : null;
  const room = Math.min(cut ?? Number.POSITIVE_INFINITY, free ?? Number.POSITIVE_INFINITY);
  if (perSecond === 0 || !Number.isFinite(room)) return pace;
  return `${pace}: at that pace ${room === free ? "storage is full" : "it is cut off"} in ${duration(room / perSecond)}`;
}

function limit({ keepLimitBytes, safeWalBytes, walStatus }: ReplicationSlotRow): string {
  if (walStatus === "lost") return "";
  if (keepLimitBytes === null) return "; no limit is set, so it goes on until storage is full";
  return safeWalBytes === null
    ? ""
    : `; after ${bytesText(Math.max(0, safeWalBytes))} more it is cut off (max_slot_wal_keep_size)`;
}

function severityOf(view: View, bytes: number): Severity {
  const free = metricFact(view, "FreeStorageSpace");
  if (free === null || free.capacity === null) return "P2";
  const share = (100 * free.latest) / free.capacity;
  return share <= view.thresholds.storageCriticalPercent && bytes >= free.latest ? "P1" : "P2";
}

/** Without what the slot keeps, storage would not be low. */
function fillsStorage(view: View, bytes: number): readonly Explanation[] {
  const free = metricFact(view, "FreeStorageSpace");
  if (free === null) return [];
  const enough =
    free.capacity === null
      ? bytes >= free.latest
      : (100 * (free.latest + bytes)) / free.capacity > view.thresholds.storageFreePercent;
  if (!enough && bytes < free.latest) return [];
  const share = free.capacity === null ? "" : `, ${percentText((100 * bytes) / free.capacity)} of storage`;
  return [{ cause: "storage-low", because: `the slot keeps ${bytesText(bytes)}${share}` }];
}

/** Without a look inside: how much, but not which slot. */
function metricDraft(view: View): readonly FindingDraft[] {
  const lag = metricFact(view, "OldestReplicationSlotLag");
  if (lag === null || lag.latest < view.thresholds.walRetainedMb * mib) return [];
  const wal = metricFact(view, "TransactionLogsDiskUsage");
  const abroad = replicasElsewhere(view);
  return [
    {
      subject: "",
      severity: severityOf(view, lag.latest),
      confidence: fromOutside(view, 0.8),
      summary: `A replication slot is ${bytesText(lag.latest)} behind and keeps that much WAL on disk${wal === null ? "" : `; WAL takes ${bytesText(wal.latest)} in all`}; which slot could not be seen${loggedSlot(view)}${whoseText(view, abroad, lag.latest)}`,
      evidence: [
        { source: lag.id, says: `${bytesText(lag.lowest)} to ${bytesText(lag.peak)} in the window` },
        ...abroad.slice(0, 3).flatMap(({ id, arn }) => {
          const region = arn?.split(":")[3];
          const ask = `aws rds describe-db-instances --db-instance-identifier ${id} --region ${region}`;
          return region === undefined
            ? []
            : [{ source: "DescribeDBInstances", says: `${ask} tells how it is` }];
        }),
      ],
      explains: fillsStorage(view, lag.latest),
      actions: [],
    },
  ];
}

/**
 * RDS makes a slot for each replica in another Region, from 14.1 on also for those in this one, which keeps WAL while it
 * stands still: who is late is named first. Other consumers RDS does not list.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.Replication.ReadReplicas.html
 */
function whoseText(view: View, abroad: readonly Member[], bytes: number): string {
  const perSecond = metricFact(view, "TransactionLogsGeneration")?.latest ?? null;
  const late = replicasFromOutside(view).filter(
    ({ subject, lagSeconds, source, doubt }) =>
      subject !== view.evidence.target.name &&
      doubt === undefined &&
      lagSeconds !== null &&
      // So late it keeps so much; the pace of now is not that of the hours before.
      (perSecond === null || farOff * lagSeconds * perSecond >= bytes) &&
      lagSeconds >= lagLimit(view, source),
  );
  if (late.length > 0) {
    const names = late.slice(0, 3).map(({ who, lagSeconds }) => `${who} (${duration(lagSeconds)} behind)`);
    return `; it may be that of ${list(names)}`;
  }
  if (abroad.length === 0) return "";
  const names = list(abroad.slice(0, 3).map(({ id }) => id));
  const what = abroad.length === 1 ? "a replica" : "replicas";
  return `; it may be that of ${names}, ${what} in another Region or account, of which nothing is seen from here, or of a consumer that RDS does not list`;
}
