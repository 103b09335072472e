import * as z from "zod";
import type { SqlRow } from "../../../ports.ts";
import { withoutValues } from "./errors.ts";
import { countMissingGtids } from "./gtid.ts";
import type { MysqlReplicationRow } from "./replication-rows.ts";
import { receiverOf } from "./status.ts";

/** https://dev.mysql.com/doc/refman/8.4/en/performance-schema-replication-tables.html */
export const replicationChannelsSql = `
  SELECT c.CHANNEL_NAME AS channel, k.HOST AS host, k.PORT AS port, c.SERVICE_STATE AS receiver,
    a.SERVICE_STATE AS applier, g.DESIRED_DELAY AS delay, c.LAST_ERROR_NUMBER AS receiver_error,
    c.LAST_ERROR_MESSAGE AS receiver_message, CAST(c.LAST_ERROR_TIMESTAMP AS CHAR) AS receiver_at,
    c.RECEIVED_TRANSACTION_SET AS fetched, @@GLOBAL.gtid_executed AS applied
  FROM performance_schema.replication_connection_status AS c
    JOIN performance_schema.replication_connection_configuration AS k ON k.CHANNEL_NAME = c.CHANNEL_NAME
    JOIN performance_schema.replication_applier_status AS a ON a.CHANNEL_NAME = c.CHANNEL_NAME
    JOIN performance_schema.replication_applier_configuration AS g ON g.CHANNEL_NAME = c.CHANNEL_NAME`;

const channelSchema = z.object({
  channel: z.string(),
  host: z.string(),
  port: z.coerce.number(),
  receiver: z.string(),
  applier: z.string(),
  delay: z.coerce.number(),
  receiver_error: z.coerce.number(),
  receiver_message: z.string(),
  receiver_at: z.string().nullable(),
  fetched: z.string(),
  applied: z.string(),
});

/** @param refused why SHOW REPLICA STATUS, which alone tells the lag, gave no answer. */
export function readReplicationChannels(
  rows: readonly SqlRow[],
  refused: string,
  raw: boolean,
): MysqlReplicationRow[] {
  return z
    .array(channelSchema)
    .parse(rows)
    .map((row) => ({
      channel: row.channel || null,
      source: `${row.host}:${row.port}`,
      receiver: receiverOf(row.receiver),
      applier: row.applier === "ON" ? "running" : "stopped",
      receiverState: null,
      applierState: null,
      lagSeconds: null,
      lagUnknownBecause: refused,
      intendedDelaySeconds: row.delay,
      lagBeyondDelaySeconds: null,
      errors: receiverErrors(row, raw),
      unappliedTransactions:
        row.fetched === "" && row.applied === "" ? null : countMissingGtids(row.fetched, row.applied),
      gtidFetched: row.fetched || null,
      gtidApplied: row.applied || null,
      relayLogBytes: null,
      fetchedTo: null,
      appliedTo: null,
    }));
}

function receiverErrors(row: z.infer<typeof channelSchema>, raw: boolean): MysqlReplicationRow["errors"] {
  if (row.receiver_error === 0) return [];
  const message = raw ? row.receiver_message : withoutValues(row.receiver_message);
  return [{ thread: "receiver", number: row.receiver_error, message, at: row.receiver_at }];
}
