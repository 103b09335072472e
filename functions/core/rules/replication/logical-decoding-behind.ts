import type { Severity } from "../../contract/finding.ts";
import { metricFact } from "../../facts/metric-facts.ts";
import { bytesText } from "../../facts/rds-facts.ts";
import { settingsOf } from "../../facts/settings-facts.ts";
import type { View } from "../../facts/view.ts";
import { postgresDatabaseRatesWriterRows } from "../../probes/postgres/database-rates-writer-rows.ts";
import {
  type LogicalDecodingRow,
  postgresLogicalDecodingRows,
} from "../../probes/postgres/logical-decoding-rows.ts";
import { streamTransactions } from "../../remedies/logical-remedies.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { waitFamilyDrafts } from "../wait-family-draft.ts";

const mib = 1024 ** 2;
/** Of what a slot may keep before that is told by itself. */
const earlyShare = 0.1;
const toldApart = 5;

/** Its slot is in use, and still it does not get on. A slot that nobody uses is wal-retained-by-slot's. */
export const logicalDecodingBehind = defineRule({
  id: "logical-decoding-behind",
  spec: ["D4", "P12"],
  category: "replication",
  title: "A consumer of logical replication falls behind",
  needs: [postgresLogicalDecodingRows.id, "postgres-replication-slots"],
  evaluate: (view) =>
    view
      .rows(postgresLogicalDecodingRows)
      ?.filter((row) => isBehind(view, row))
      .slice(0, toldApart)
      .map((row) => draftOf(view, row)) ?? waitFamilyDrafts(view, "logical-decoding-behind"),
});

function early(view: View): number {
  return earlyShare * view.thresholds.walRetainedMb * mib;
}

function isBehind(
  view: View,
  { unconfirmedBytes, retainedBytes, spilledBytesPerSecond }: LogicalDecodingRow,
): boolean {
  const limit = early(view);
  const far = (unconfirmedBytes ?? 0) >= limit || (retainedBytes ?? 0) >= limit;
  return far || (spilledBytesPerSecond ?? 0) >= mib;
}

function draftOf(view: View, row: LogicalDecodingRow): FindingDraft {
  const why = reasonOf(view, row);
  const bytes = Math.max(row.unconfirmedBytes ?? 0, row.retainedBytes ?? 0);
  const who = [row.application && `app ${row.application}`, row.user && `user ${row.user}`, `pid ${row.pid}`]
    .filter((part) => part)
    .join(", ");
  return {
    subject: row.slot,
    severity: why.severity,
    confidence: why.confidence,
    summary: `The consumer of logical slot ${row.slot} (${who}) ${(row.unconfirmedBytes ?? 0) >= early(view) ? `is ${bytesText(row.unconfirmedBytes ?? 0)} behind` : "keeps up"}${bytes === 0 ? "" : `, ${bytesText(row.retainedBytes ?? bytes)} of log are kept for it`}; ${why.says}`,
    evidence: [
      ...speedText(view, row),
      ...(row.spilledBytes === null || row.spilledBytes === 0
        ? []
        : [
            {
              source: postgresLogicalDecodingRows.id,
              says: `${bytesText(row.spilledBytes)} of transactions were written to disk since the reset (logical_decoding_work_mem${settingText(view)})`,
            },
          ]),
      { source: "engine", says: why.helps },
    ],
    explains: [{ cause: "wal-retained-by-slot", subject: row.slot, because: why.says }],
    actions: (row.spilledBytesPerSecond ?? 0) > 0 ? streamTransactions(view, row) : [],
  };
}

interface Reason {
  readonly severity: Severity;
  readonly confidence: number;
  readonly says: string;
  readonly helps: string;
}

const heldByTransaction: Reason = {
  severity: "P3",
  confidence: 0.8,
  says: "a transaction that began back there has not ended, and its log is needed until it does",
  helps:
    "the oldest transaction, by pg_stat_activity.xact_start or pg_prepared_xacts, is what to look at; the consumer is well",
};

/** By what its process is seen at; its wait events are the field's best witness. */
function reasonOf(view: View, row: LogicalDecodingRow): Reason {
  const { waitEvent, unconfirmedBytes, spilledBytesPerSecond, confirmedBytesPerSecond } = row;
  if ((spilledBytesPerSecond ?? 0) > 0 || /ReorderBuffer/.test(waitEvent ?? ""))
    return {
      severity: "P2",
      confidence: 0.85,
      says: `it writes a transaction that is larger than its memory to disk${(spilledBytesPerSecond ?? 0) > 0 ? `, ${bytesText(spilledBytesPerSecond ?? 0)} a second` : ""}`,
      helps:
        "smaller transactions at the source; more logical_decoding_work_mem for this walsender; streaming, where the consumer knows it",
    };
  if (unconfirmedBytes !== null && unconfirmedBytes < early(view)) return heldByTransaction;
  if (/WalSenderWriteData/.test(waitEvent ?? ""))
    return {
      severity: "P2",
      confidence: 0.9,
      says: takesText(view, confirmedBytesPerSecond),
      helps:
        "mend the consumer or the network to it; to end the walsender only brings it back to where it was",
    };
  if ((confirmedBytesPerSecond ?? 0) === 0)
    return {
      severity: "P2",
      confidence: 0.75,
      says: "what it has confirmed stands still",
      helps:
        "look at the consumer's own log: it has got what was sent and does not say that it keeps it, or works at one large transaction",
    };
  return {
    severity: "P2",
    confidence: 0.7,
    says: `it confirms ${bytesText(confirmedBytesPerSecond ?? 0)} a second`,
    helps:
      "where more is written than it confirms: several slots with a part of the tables each, fewer tables in the publication, a faster consumer",
  };
}

/** Bytes of WAL a second; null where nobody measured. */
function writtenPerSecond(view: View): number | null {
  const seen = view.rows(postgresDatabaseRatesWriterRows)?.[0]?.walBytesPerSecond ?? null;
  return seen ?? metricFact(view, "TransactionLogsGeneration")?.latest ?? null;
}

/** It waits for room in the connection between two pieces, too. */
function takesText(view: View, confirmed: number | null): string {
  const written = writtenPerSecond(view);
  const full = "the connection to it is full";
  if (confirmed === null) return `the consumer takes less than it is sent: ${full}`;
  if (Math.round(confirmed) === 0) return `the consumer takes nothing: ${full}`;
  if (written !== null && confirmed > written)
    return `the consumer takes ${bytesText(confirmed)} a second, more than is written: it catches up as fast as its connection lets it`;
  return `the consumer takes ${bytesText(confirmed)} a second${written === null ? "" : " and no more"}: ${full}`;
}

function speedText(view: View, row: LogicalDecodingRow): FindingDraft["evidence"] {
  const written = writtenPerSecond(view);
  const { confirmedBytesPerSecond: confirmed, waitEvent } = row;
  if (confirmed === null) return [];
  const pace = `confirms ${bytesText(confirmed)} a second${written === null ? "" : ` while ${bytesText(written)} are written`}`;
  return [
    {
      source: postgresLogicalDecodingRows.id,
      says: `${pace}; its process waits on ${waitEvent ?? "nothing: it is decoding"}`,
    },
  ];
}

function settingText(view: View): string {
  const value = settingsOf(view)?.value("logical_decoding_work_mem") ?? null;
  return value === null ? "" : ` = ${value} kB`;
}
