import type { MysqlReplicationRow } from "../../../../functions/core/probes/mysql/replication/replication-rows.ts";
import { busyServer, type Looked } from "./busy-server.ts";
import { replicaMessages } from "./mysql-replica-messages.ts";
import type { Engine, Witnesses } from "./tables.ts";

const receivers: Readonly<Record<string, MysqlReplicationRow["receiver"]>> = {
  Yes: "running",
  No: "stopped",
};

/** A replica that keeps up with its source but for what the fields say. */
export function playedReplica(engine: Engine, fields: Witnesses): Looked {
  const looked = busyServer(engine);
  const number = (name: string, otherwise: number): number => Number(fields.get(name) ?? otherwise);
  const lag = fields.get("Lag") === "null" ? null : number("Lag", 0);
  const [receiver, applier] = [fields.get("IO") ?? "Yes", fields.get("SQL") ?? "Yes"];
  const delay = number("Delay", 0);
  const broken = receiver !== "Yes" || applier !== "Yes";
  const row: MysqlReplicationRow = {
    ...{ channel: null, source: "10.0.0.9:3306" },
    receiver: receivers[receiver] ?? "connecting",
    applier: applier === "Yes" ? "running" : "stopped",
    receiverState: fields.get("IO_State") ?? (receiver === "Yes" ? "Waiting for source to send event" : null),
    applierState: fields.get("State") ?? "Replica has read all relay log; waiting for more updates",
    lagSeconds: broken ? null : lag,
    lagUnknownBecause: broken || lag === null ? "the server gave no lag" : null,
    intendedDelaySeconds: delay,
    lagBeyondDelaySeconds: broken || lag === null ? null : Math.max(0, lag - delay),
    errors: [
      ...errorOf("receiver", fields.get("IO_Errno"), fields.get("IO_Error")),
      ...errorOf("applier", fields.get("SQL_Errno"), undefined),
    ],
    unappliedTransactions: number("Behind", 0),
    ...{ gtidFetched: null, gtidApplied: null, relayLogBytes: number("Relay", 4_000_000) },
    ...{ fetchedTo: "binlog.000007:900", appliedTo: "binlog.000007:900" },
  };
  looked.replication = row;
  return looked;
}

function errorOf(thread: "receiver" | "applier", number: string | undefined, means = "") {
  if (number === undefined) return [];
  const message =
    means === "" ? (replicaMessages[number] ?? "") : `Got fatal error 1236 from source: ${means}`;
  return [{ thread, number: Number(number), message, at: null }];
}
