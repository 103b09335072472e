import {
  type MysqlReplicationRow,
  mariadbReplicationRows,
  mysqlReplicationRows,
} from "../probes/mysql/replication/replication-rows.ts";
import {
  postgresReplicationReceiverRows,
  type ReplicationReceiverRow,
} from "../probes/postgres/replication-receiver-rows.ts";
import { postgresSettingsRows } from "../probes/postgres/settings-rows.ts";
import { duration } from "../text/wording.ts";
import { bytesText } from "./rds-facts.ts";
import type { View } from "./view.ts";

/** Why nothing is applied. */
export interface Stop {
  readonly why: string;
  /** The engine's error; null when it was stopped, not broken. */
  readonly error: string | null;
  /** The error's number, where it has one. */
  readonly number?: number | null;
  /** Something waits to be applied, or nobody knows. */
  readonly behind: boolean;
}

/** One stream of changes into a replica, as far as somebody looked at it. */
export interface ReplicaFact {
  /** Name of the channel or of the instance; empty for the one stream of the database that was looked at. */
  readonly subject: string;
  /** "this replica", "replica orders-ro-1". */
  readonly who: string;
  /** Beyond what it is meant to stay behind; null: not known, and never to be taken for 0. */
  readonly lagSeconds: number | null;
  readonly intendedDelaySeconds: number;
  readonly stop: Stop | null;
  readonly source: string;
  readonly notes: readonly string[];
  /** Transactions that were fetched, and wait. */
  readonly unapplied?: number;
  /** What the thread that applies does this very moment. */
  readonly applierState?: string | null;
  /** Why it may be no lag at all. */
  readonly doubt?: string;
}

/** What the database that was looked at says about its own replication; empty when it is no replica. */
export function ownReplication(view: View): readonly ReplicaFact[] {
  const standby = view.rows(postgresReplicationReceiverRows)?.[0];
  const channels = [...(view.rows(mysqlReplicationRows) ?? []), ...(view.rows(mariadbReplicationRows) ?? [])];
  return [
    ...(standby === undefined ? [] : [fromStandby(view, standby)]),
    ...channels.map((row) => fromChannel(view, row)),
  ];
}

function fromStandby(view: View, row: ReplicationReceiverRow): ReplicaFact {
  const delay = row.applyDelaySeconds ?? applyDelaySeconds(view);
  const lag = row.lagSeconds;
  return {
    subject: "",
    who: "this replica",
    // What waits for its delay to pass is not late. A single commit can be older than the delay by a moment.
    lagSeconds: lag === null ? null : Math.max(0, lag - delay),
    intendedDelaySeconds: delay,
    stop: stopOfStandby(view, row),
    source: postgresReplicationReceiverRows.id,
    notes: [
      ...(row.replayLagBytes === null ? [] : [`${bytesText(row.replayLagBytes)} received and not replayed`]),
      ...(row.status === null && (row.replayedBytes ?? 0) > 0
        ? [`it replays from the archive, ${bytesText(row.replayedBytes ?? 0)} between two looks`]
        : []),
      ...(row.lastMessageSeconds === null
        ? []
        : [`last word from its primary ${duration(row.lastMessageSeconds)} ago`]),
    ],
  };
}

/** https://www.postgresql.org/docs/current/runtime-config-replication.html#GUC-RECOVERY-MIN-APPLY-DELAY */
function applyDelaySeconds(view: View): number {
  const setting = view.rows(postgresSettingsRows)?.find(({ name }) => name === "recovery_min_apply_delay");
  return setting?.seconds ?? 0;
}

function stopOfStandby(view: View, row: ReplicationReceiverRow): Stop | null {
  if (row.replayPaused) {
    const behind = (row.replayLagBytes ?? 0) > 0 || row.receiveLagBytes === null;
    return { why: "its replay was paused with pg_wal_replay_pause()", error: null, behind };
  }
  if (row.status !== null) return silenceOf(view, row);
  // RDS's replicas take up from the archive what their primary no longer has: that goes on without a receiver.
  if ((row.replayedBytes ?? 0) > 0) return null;
  return {
    why: `it receives nothing: there is no WAL receiver, so its primary is gone or refuses it${row.replayedBytes === 0 ? ", and nothing comes from the archive either" : ""}`,
    error: null,
    behind: true,
  };
}

const leastSilence = 120;

/**
 * Twice wal_receiver_timeout, at half of which it asks an idle primary whether it is there, and at all of which it should
 * have given up; without a time-out it never asks.
 * https://www.postgresql.org/docs/current/runtime-config-replication.html#GUC-WAL-RECEIVER-TIMEOUT
 */
function silenceOf(view: View, row: ReplicationReceiverRow): Stop | null {
  const setting = view.rows(postgresSettingsRows)?.find(({ name }) => name === "wal_receiver_timeout");
  const { lastMessageSeconds, replayedBytes } = row;
  const timeout = row.timeoutSeconds ?? setting?.seconds ?? 0;
  const isSilent = timeout > 0 && (lastMessageSeconds ?? 0) >= Math.max(leastSilence, 2 * timeout);
  if (!isSilent || (replayedBytes ?? 0) > 0) return null;
  const why = `it has heard nothing from its primary for ${duration(lastMessageSeconds)}, though a WAL receiver waits`;
  return { why, error: null, behind: true };
}

function fromChannel(view: View, row: MysqlReplicationRow): ReplicaFact {
  const { target } = view.evidence;
  const delay = row.intendedDelaySeconds ?? 0;
  return {
    subject: row.channel ?? "",
    who: row.channel === null ? "this replica" : `channel ${row.channel} of this replica`,
    lagSeconds: row.lagBeyondDelaySeconds,
    intendedDelaySeconds: delay,
    stop: stopOfChannel(row),
    applierState: row.applierState,
    unapplied: row.unappliedTransactions ?? 0,
    source: target.engine === "mariadb" ? mariadbReplicationRows.id : mysqlReplicationRows.id,
    notes: [
      ...(row.source === null ? [] : [`its source is ${row.source}`]),
      ...((row.unappliedTransactions ?? 0) === 0
        ? []
        : [`${row.unappliedTransactions} transactions fetched and not applied`]),
      ...(/relay log space/.test(row.receiverState ?? "") ? ["relay_log_space_limit is reached"] : []),
      ...(delay === 0 ? [] : [`meant to stay ${duration(delay)} behind`]),
    ],
  };
}

type ChannelError = MysqlReplicationRow["errors"][number];

/** What a worker says names the transaction; the coordinator says only that a worker failed. */
function worstOf(errors: readonly ChannelError[], thread: "receiver" | "applier"): ChannelError | null {
  const own = errors.filter((each) => (thread === "receiver") === (each.thread === "receiver"));
  return own.find((each) => each.thread === "worker") ?? own[0] ?? null;
}

function stopOfChannel({ receiver, applier, errors }: MysqlReplicationRow): Stop | null {
  const [received, applied] = [worstOf(errors, "receiver"), worstOf(errors, "applier")];
  const toldBy = (found: ChannelError | null): Pick<Stop, "error" | "number"> => ({
    error: found === null ? null : `error ${found.number}: ${found.message}`,
    number: found?.number ?? null,
  });
  if (applier === "stopped") {
    const both = receiver === "stopped" ? "both its threads are" : "its applier (SQL thread) is";
    return {
      why: applied === null ? `${both} stopped, and not by an error` : "its applier (SQL thread) stopped",
      ...toldBy(applied),
      behind: true,
    };
  }
  if (receiver === "stopped") {
    const how = received === null ? ", and not by an error" : "";
    return { why: `its receiver (I/O thread) is stopped${how}`, ...toldBy(received), behind: true };
  }
  if (receiver !== "connecting") return null;
  return { why: "it cannot reach its source", ...toldBy(received), behind: true };
}
