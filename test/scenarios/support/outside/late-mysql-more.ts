import type { ProbeReport } from "../../../../functions/core/contract/evidence.ts";
import type { Session } from "../../../../functions/core/contract/session.ts";
import type { Target } from "../../../../functions/core/contract/target.ts";
import type { MysqlPurgeRow } from "../../../../functions/core/probes/mysql/oldest-transaction-purge-rows.ts";
import type { MysqlTransactionRow } from "../../../../functions/core/probes/mysql/oldest-transaction-rows.ts";
import type { MysqlReplicationRow } from "../../../../functions/core/probes/mysql/replication/replication-rows.ts";
import type { StatementDigestRow } from "../../../../functions/core/probes/mysql/statement-digests/statement-digests-rows.ts";
import { atWork } from "./late-mysql-rows.ts";

/** Every slot is taken when the responder knocks: the server answers 1040 and closes. */
export function slotRefused(target: Target, collectedAt: string): ProbeReport {
  return {
    schema: "probe-report.v1",
    target,
    collectedAt,
    connection: {
      status: "not-connected",
      failedStep: "no-free-slot",
      detail: "Too many connections",
      refusedWith: "1040",
      pointsTo:
        "every slot is in use (max_connections): a leak, a storm or a pool set too large; free sessions or raise max_connections",
      tookMs: 14,
    },
    probes: [],
  };
}

/** A session that sleeps in an open transaction; its last statement is known. */
export function sleepsInTransaction(id: number, user: string, seconds: number, query: string): Session {
  return atWork(id, user, seconds, "", query, {
    state: "idle-in-transaction",
    waitEvent: null,
    statementSeconds: null,
    transactionSeconds: seconds + 1,
  });
}

export function openTransaction(
  id: number,
  user: string,
  seconds: number,
  more: Partial<MysqlTransactionRow> = {},
): MysqlTransactionRow {
  return {
    transactionId: `${88_120_000 + id}`,
    sessionId: id,
    user,
    client: `10.4.${18 + (id % 3)}.${20 + (id % 9)}`,
    database: "shop",
    state: "idle",
    ageSeconds: seconds,
    idleSeconds: null,
    isolationLevel: "REPEATABLE READ",
    keepsView: true,
    readView: null,
    rowsModified: 0,
    rowsLocked: 0,
    query: null,
    ...more,
  };
}

/** Old row versions that wait to be purged, and by how many more or less a second. */
export function purgedOf(historyListLength: number, historyGrowthPerSecond: number): MysqlPurgeRow {
  return {
    intervalSeconds: 1.04,
    historyListLength,
    historyGrowthPerSecond,
    undoBytes: 33_554_432,
    undoTablespaces: 2,
    undoTruncateBytes: 1_073_741_824,
    undoTruncateOn: true,
    purgeThreads: 1,
    maxPurgeLag: 0,
  };
}

/** What a replica of RDS says of its one source. */
export function followsOf(more: Partial<MysqlReplicationRow>): MysqlReplicationRow {
  return {
    channel: null,
    source: "10.4.2.17:3306",
    receiver: "running",
    applier: "running",
    receiverState: "Waiting for master to send event",
    applierState: null,
    lagSeconds: 0,
    lagUnknownBecause: null,
    intendedDelaySeconds: 0,
    lagBeyondDelaySeconds: 0,
    errors: [],
    unappliedTransactions: null,
    gtidFetched: null,
    gtidApplied: null,
    relayLogBytes: null,
    fetchedTo: null,
    appliedTo: null,
    ...more,
  };
}

interface Counted {
  readonly query: string;
  readonly callsPerSecond: number;
  readonly meanSeconds: number;
  readonly examined: number;
  readonly sent: number;
  /** Of the time of all statements. */
  readonly percent: number;
}

/** Statements as they are counted since somebody emptied the table so many seconds ago. */
export function countedSince(seconds: number, statements: readonly Counted[]): StatementDigestRow[] {
  return statements.map((each, index) => {
    const { query, callsPerSecond, meanSeconds, examined, sent, percent } = each;
    const calls = Math.round(callsPerSecond * seconds);
    return {
      schema: "shop",
      digest: `${7 + index}c41d0be5a7f93328ce60a1b5d49f7e2`,
      query,
      own: false,
      rankedBy: ["time-now", "calls-now", "total-time"],
      now: {
        intervalSeconds: 1.03,
        callsPerSecond,
        averageSessions: callsPerSecond * meanSeconds,
        meanSeconds,
        percentOfTime: percent,
        rowsExaminedPerSecond: callsPerSecond * examined,
        rowsSentPerSecond: callsPerSecond * sent,
        tmpDiskTablesPerSecond: 0,
        sortMergePassesPerSecond: 0,
        errorsPerSecond: 0,
      },
      sinceStart: {
        calls,
        totalSeconds: calls * meanSeconds,
        meanSeconds,
        maxSeconds: meanSeconds * 14,
        percentOfTime: percent,
        lockSeconds: calls * 0.000002,
        rowsExamined: calls * examined,
        rowsSent: calls * sent,
        rowsAffected: 0,
        examinedPerRow: sent === 0 ? null : examined / sent,
        noIndexUsed: 0,
        fullScans: 0,
        tmpTables: 0,
        tmpDiskTables: 0,
        sortMergePasses: 0,
        errors: 0,
        firstSeenAt: null,
        lastSeenAt: null,
      },
    };
  });
}
