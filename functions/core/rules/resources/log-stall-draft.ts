import { explainsPressure } from "../../facts/capacity.ts";
import { logBufferWaits, logStall } from "../../facts/innodb-strain.ts";
import { settingsOf } from "../../facts/settings-facts.ts";
import { isMany } from "../../facts/severity.ts";
import type { View } from "../../facts/view.ts";
import { duration } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** Settings by which commits wait on purpose, or for every flush. */
const settings = [
  "sync_binlog",
  "innodb_flush_log_at_trx_commit",
  "binlog_group_commit_sync_delay",
  "binlog_commit_wait_usec",
];

/**
 * Commits that wait for redo or binary log to reach storage. Nobody is ended for it: each is made within a moment, and
 * the next would wait as long.
 */
export function logStallDrafts(view: View): readonly FindingDraft[] {
  const stall = logStall(view);
  const buffer = logBufferWaits(view);
  if (stall === null) return buffer === null ? [] : [bufferDraft(buffer)];
  const { averageSessions, meanSeconds, source } = stall;
  const each = 2 * meanSeconds;
  const waiting = Math.round(averageSessions);
  const severe =
    each >= view.thresholds.slowQuerySeconds && isMany(waiting, view.server?.maxConnections ?? null);
  return [
    {
      subject: "log",
      severity: severe ? "P1" : "P2",
      confidence: 0.65,
      summary: `${waiting} commits at a time wait for the log to reach storage, about ${duration(each)} each`,
      evidence: [
        { source, says: `their statements had run for ${duration(meanSeconds)} on average when seen` },
        ...(buffer === null ? [] : [buffer]),
        {
          source: "engine",
          says: `look at what makes commits wait on purpose (binlog_group_commit_sync_delay, binlog_commit_wait_usec), then at the latency of writes, then at how many rows one commit takes${setText(view)}`,
        },
      ].map(({ source: from, says }) => ({ source: from, says })),
      explains: explainsPressure(view, waiting, waiting),
      actions: [],
    },
  ];
}

function setText(view: View): string {
  const facts = settingsOf(view);
  const set = settings.flatMap((name) => {
    const value = facts?.value(name) ?? null;
    return value === null ? [] : [`${name} = ${value}`];
  });
  return set.length === 0 ? "" : `; now ${set.join(", ")}`;
}

function bufferDraft({ source, says }: { readonly source: string; readonly says: string }): FindingDraft {
  return {
    subject: "log-buffer",
    severity: "P3",
    confidence: 0.7,
    summary: `The log buffer is too small for what is written at once: ${says}; commits do not wait for it now`,
    evidence: [{ source, says: "a larger innodb_log_buffer_size, or smaller transactions" }],
    explains: [],
    actions: [],
  };
}
