import * as z from "zod";
import { defineRows } from "../../define-rows.ts";

const count = z.number().nonnegative().nullable();

/** P31: one row for each source that this server replicates from; none: it is not a replica. */
export const mysqlReplicationRowSchema = z.object({
  /** Channel or connection; null for the one without a name. */
  channel: z.string().nullable(),
  source: z.string().nullable(),
  /** Fetches from the source. `connecting`: it runs, and has no source. */
  receiver: z.enum(["running", "connecting", "stopped", "unknown"]),
  /** Applies what was fetched. */
  applier: z.enum(["running", "stopped", "unknown"]),
  receiverState: z.string().nullable(),
  applierState: z.string().nullable(),
  /** Null: not known, and never to be taken for 0; `lagUnknownBecause` says why. */
  lagSeconds: count,
  lagUnknownBecause: z.string().nullable(),
  /** Meant to stay behind by this much; 0 when not. What is beyond it is real lag. */
  intendedDelaySeconds: count,
  lagBeyondDelaySeconds: count,
  errors: z.array(
    z.object({
      thread: z.enum(["receiver", "applier", "worker"]),
      number: z.number().int(),
      message: z.string(),
      at: z.string().nullable(),
    }),
  ),
  /** GTIDs fetched and not applied yet. Null without GTIDs. */
  unappliedTransactions: count,
  gtidFetched: z.string().nullable(),
  gtidApplied: z.string().nullable(),
  /** Tables that its workers have opened for writing now; absent where nobody tells (MariaDB) or asked. */
  applyingTables: z.array(z.string()).exactOptional(),
  relayLogBytes: count,
  /** Coordinates in the source's binary log; they differ while something waits to be applied. */
  fetchedTo: z.string().nullable(),
  appliedTo: z.string().nullable(),
});
export type MysqlReplicationRow = z.infer<typeof mysqlReplicationRowSchema>;

export const mysqlReplicationRows = defineRows({ id: "mysql-replication", row: mysqlReplicationRowSchema });
export const mariadbReplicationRows = defineRows({
  id: "mariadb-replication",
  row: mysqlReplicationRowSchema,
});
