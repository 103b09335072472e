import * as z from "zod";
import type { SqlRow } from "../../../ports.ts";
import { withoutValues } from "./errors.ts";
import { countMissingGtids, countMissingMariadbGtids } from "./gtid.ts";
import type { MysqlReplicationRow } from "./replication-rows.ts";

/** Names of both syntaxes as one: "Master_Host" and "Source_Host" are `source_host`. */
function renamed(row: SqlRow): SqlRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.toLowerCase().replaceAll("master", "source").replaceAll("slave", "replica"),
      value,
    ]),
  );
}

const text = z
  .string()
  .nullish()
  .transform((value) => value || null);
const number = z.coerce.number();
const maybeNumber = number.nullish().transform((value) => value ?? null);

const statusSchema = z.object({
  channel_name: text,
  connection_name: text,
  source_host: text,
  source_port: maybeNumber,
  replica_io_running: text,
  replica_sql_running: text,
  replica_io_state: text,
  replica_sql_running_state: text,
  seconds_behind_source: maybeNumber,
  sql_delay: maybeNumber,
  last_io_errno: number,
  last_io_error: text,
  last_io_error_timestamp: text,
  last_sql_errno: number,
  last_sql_error: text,
  last_sql_error_timestamp: text,
  retrieved_gtid_set: z.string().nullish(),
  executed_gtid_set: z.string().nullish(),
  gtid_io_pos: z.string().nullish(),
  using_gtid: text,
  relay_log_space: maybeNumber,
  source_log_file: text,
  read_source_log_pos: maybeNumber,
  relay_source_log_file: text,
  exec_source_log_pos: maybeNumber,
});
type Status = z.infer<typeof statusSchema>;

/** Of SHOW REPLICA STATUS, SHOW SLAVE STATUS, SHOW ALL SLAVES STATUS and mysql.rds_replica_status. */
export function readReplicaStatus(
  rows: readonly SqlRow[],
  { mariadbApplied, raw }: { readonly mariadbApplied: string | null; readonly raw: boolean },
): MysqlReplicationRow[] {
  return rows.map((row) => {
    const status = statusSchema.parse(renamed(row));
    const [receiver, applier] = [receiverOf(status.replica_io_running), applierOf(status)];
    const lagSeconds = status.seconds_behind_source;
    const delay = status.sql_delay ?? 0;
    return {
      channel: status.channel_name ?? status.connection_name,
      source: hostOf(status),
      receiver,
      applier,
      receiverState: status.replica_io_state,
      applierState: status.replica_sql_running_state,
      lagSeconds,
      lagUnknownBecause: lagSeconds === null ? whyUnknown(receiver, applier) : null,
      intendedDelaySeconds: delay,
      lagBeyondDelaySeconds: lagSeconds === null ? null : Math.max(0, lagSeconds - delay),
      errors: errorsOf(status, raw),
      ...gtidsOf(status, mariadbApplied),
      relayLogBytes: status.relay_log_space,
      fetchedTo: coordinates(status.source_log_file, status.read_source_log_pos),
      appliedTo: coordinates(status.relay_source_log_file, status.exec_source_log_pos),
    };
  });
}

export function receiverOf(running: string | null): MysqlReplicationRow["receiver"] {
  if (running === null) return "unknown";
  if (/^(yes|on)$/i.test(running)) return "running";
  // MySQL and MariaDB: "Connecting" and "Preparing" are a thread that runs and does not receive.
  return /^(connecting|preparing)$/i.test(running) ? "connecting" : "stopped";
}

function applierOf({ replica_sql_running }: Status): MysqlReplicationRow["applier"] {
  if (replica_sql_running === null) return "unknown";
  return /^yes$/i.test(replica_sql_running) ? "running" : "stopped";
}

function whyUnknown(receiver: MysqlReplicationRow["receiver"], applier: MysqlReplicationRow["applier"]) {
  if (applier !== "running") return "nothing is applied: the applier is stopped";
  if (receiver === "connecting") return "the source cannot be reached, so nobody knows how far ahead it is";
  return receiver === "running"
    ? "the server gave no lag"
    : "nothing is fetched: the receiver is stopped, so nobody knows how far ahead the source is";
}

function hostOf({ source_host, source_port }: Status): string | null {
  return source_host === null ? null : `${source_host}:${source_port ?? 3306}`;
}

function coordinates(file: string | null, position: number | null): string | null {
  return file === null || position === null ? null : `${file}:${position}`;
}

function errorsOf(status: Status, raw: boolean): MysqlReplicationRow["errors"] {
  const shown = (message: string | null): string => (raw ? (message ?? "") : withoutValues(message ?? ""));
  const errors: MysqlReplicationRow["errors"] = [];
  if (status.last_io_errno !== 0) {
    // Speaks of hosts and log files and holds no values of the application; its quotes are the message.
    const message = status.last_io_error ?? "";
    errors.push({
      thread: "receiver",
      number: status.last_io_errno,
      message,
      at: status.last_io_error_timestamp,
    });
  }
  if (status.last_sql_errno !== 0) {
    const message = shown(status.last_sql_error);
    errors.push({
      thread: "applier",
      number: status.last_sql_errno,
      message,
      at: status.last_sql_error_timestamp,
    });
  }
  return errors;
}

function gtidsOf(status: Status, mariadbApplied: string | null) {
  if (typeof status.gtid_io_pos === "string") {
    const fetched = status.gtid_io_pos || null;
    if (!/^(slave_pos|current_pos|replica_pos)$/i.test(status.using_gtid ?? "") || mariadbApplied === null) {
      return { unappliedTransactions: null, gtidFetched: fetched, gtidApplied: mariadbApplied };
    }
    const unappliedTransactions = countMissingMariadbGtids(fetched ?? "", mariadbApplied);
    return { unappliedTransactions, gtidFetched: fetched, gtidApplied: mariadbApplied };
  }
  const [fetched, applied] = [status.retrieved_gtid_set ?? "", status.executed_gtid_set ?? ""];
  // Both empty: GTIDs are off, or nothing was ever replicated.
  const unappliedTransactions = fetched === "" && applied === "" ? null : countMissingGtids(fetched, applied);
  return { unappliedTransactions, gtidFetched: fetched || null, gtidApplied: applied || null };
}
