import { isSaid, type LogWords, recentLogHits, recentLogRecords } from "../../facts/log-lines.ts";
import {
  type ConflictKind,
  conflictKinds,
  conflictsNow,
  mainConflict,
} from "../../facts/replay-conflicts.ts";
import type { View } from "../../facts/view.ts";
import { postgresDatabaseRatesRows } from "../../probes/postgres/database-rates-rows.ts";
import { postgresReplicationReceiverRows } from "../../probes/postgres/replication-receiver-rows.ts";
import { feedbackIsOn, keepRows, waitForQueries } from "../../remedies/standby-remedies.ts";
import { mostFrequent } from "../../text/most-frequent.ts";
import { duration, list, plural, statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

export const cancelled: LogWords = {
  levels: ["ERROR", "FATAL"],
  says: /^(?:canceling statement|terminating connection) due to conflict with recovery/,
};

/** Users who got an error: "canceling statement due to conflict with recovery". */
export function cancelledDraft(view: View): readonly FindingDraft[] {
  const rows = view.rows(postgresDatabaseRatesRows) ?? [];
  const counted = rows.reduce((sum, { conflicts }) => sum + (conflicts ?? 0), 0);
  // The same by kind, of all databases: where the one was not answered, the other was.
  const now = Math.max(counted, conflictsNow(view));
  const logged = recentLogHits(view.evidence, cancelled);
  if (now === 0 && logged === null) return [];
  // Both readings of whichever it was lie a second apart.
  const seconds = Math.max(1, ...rows.map(({ intervalSeconds }) => intervalSeconds));
  const says =
    logged === null
      ? `${plural(now, "query was", "queries were")} cancelled within ${duration(seconds)}`
      : `${plural(logged.count, "query was", "queries were")} cancelled in the last 15 min, the last ${duration(logged.newestAgeSeconds)} ago`;
  const kind = mainConflict(view);
  const rowsKept = keepRows(view, kind);
  return [
    {
      subject: "",
      // One a quarter of an hour is how hot standby works; many are somebody's broken reports.
      severity: now > 0 || (logged?.count ?? 0) >= 3 ? "P2" : "P3",
      confidence: 0.85,
      summary: `Queries on this standby fail because of replay: ${says}${kind === null ? "" : `, ${over[kind].briefly}`}`,
      evidence: [
        { source: logged === null ? postgresDatabaseRatesRows.id : "error log", says },
        ...whoseText(view),
        ...kindsText(view),
        ...(kind === null ? [] : adviceText(view, over[kind])),
      ],
      explains: [],
      actions: rowsKept.length > 0 ? rowsKept : waitForQueries(view),
    },
  ];
}

/** "of bi_reports 6, by the log's names; the last: SELECT …": whose reports to move, or to let wait. */
function whoseText(view: View): FindingDraft["evidence"] {
  const records = recentLogRecords(view.evidence).filter((record) => isSaid(record, cancelled));
  const users = mostFrequent(records.flatMap(({ client }) => client?.user ?? [])).slice(0, 3);
  if (users.length === 0) return [];
  const last = records.at(-1)?.details.find(({ level }) => level === "STATEMENT");
  const statement = statementText(last?.text ?? null);
  const of = list(users.map(({ text, count }) => `${text} ${count}`));
  return [
    {
      source: "error log",
      says: `of ${of}, by the log's names${statement === null ? "" : `; the last: ${statement}`}`,
    },
  ];
}

interface Words {
  readonly briefly: string;
  readonly counted: string;
  /** Where replay comes to want it, and what would keep it from that. */
  readonly because: string;
  /** Rows are all that feedback keeps. */
  readonly kept: boolean;
}

/** https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-DATABASE-CONFLICTS-VIEW */
const over: Readonly<Record<ConflictKind["kind"], Words>> = {
  lock: {
    briefly: "over locks that replay had to take",
    counted: "over locks",
    because:
      "the primary drops, empties, rewrites or alters what is read here (partitions dropped by a schedule, TRUNCATE, a refreshed view, a migration): at a time when nobody reads it here, nothing is cancelled",
    kept: false,
  },
  snapshot: {
    briefly: "over rows that the primary has removed",
    counted: "over removed rows",
    because: "vacuum on the primary removes rows that a query here may still see",
    kept: true,
  },
  bufferPin: {
    briefly: "over pages that replay had to clean",
    counted: "over pinned pages",
    because: "vacuum on the primary cleans pages that a query here is reading",
    kept: true,
  },
  deadlock: {
    briefly: "in deadlocks with replay",
    counted: "in deadlocks with replay",
    because: "replay and a query each had what the other one wanted",
    kept: false,
  },
  tablespace: {
    briefly: "over a tablespace that is gone",
    counted: "over a tablespace",
    because: "the primary dropped a tablespace in which queries here have temporary files",
    kept: false,
  },
};

function kindsText(view: View): FindingDraft["evidence"] {
  const counts = conflictKinds(view);
  const [first] = counts;
  if (first === undefined) return [];
  const when = first.since === "now" ? "in the second looked at" : "since statistics were reset";
  const each = counts.map(({ kind, count }) => `${count} ${over[kind].counted}`);
  return [{ source: postgresReplicationReceiverRows.id, says: `conflicts ${when}: ${list(each)}` }];
}

function adviceText(view: View, { because, kept }: Words): FindingDraft["evidence"] {
  const on = feedbackIsOn(view) ? "hot_standby_feedback is on, and keeps" : "hot_standby_feedback would keep";
  const feedback = kept ? "" : `; ${on} rows for queries here, and helps against nothing else`;
  return [{ source: postgresReplicationReceiverRows.id, says: `${because}${feedback}` }];
}
