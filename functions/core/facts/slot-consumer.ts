import type { ReplicationSlotRow } from "../probes/postgres/replication-slots-rows.ts";

/**
 * RDS makes slots of its own for its replicas, named after Region and resource, and drops them with the replica.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.Replication.ReadReplicas.html
 */
export function isSlotOfRds(slot: string): boolean {
  return slot.startsWith("rds_");
}

/** Who would read from it, as its kind, its plugin and its name tell. */
export function consumerOf({ slot, kind, plugin, database }: SlotName): string {
  if (kind === "physical") {
    return isSlotOfRds(slot)
      ? "a read replica of RDS, by its name"
      : "a standby or a log receiver (physical)";
  }
  const through = plugin === null ? "logical" : `logical, ${plugin}${readersOf(plugin)}`;
  return `a consumer of changes (${through}${database === null ? "" : `, database ${database}`})`;
}

/**
 * Why it can never be used again. https://www.postgresql.org/docs/current/view-pg-replication-slots.html
 * (invalidation_reason)
 */
export function lostBecause({ invalidationReason }: Pick<ReplicationSlotRow, "invalidationReason">): string {
  const known = lossReasons[invalidationReason ?? ""];
  return known === undefined ? "the WAL that its consumer needs is gone" : `${known} (${invalidationReason})`;
}

const lossReasons: Readonly<Record<string, string>> = {
  rows_removed: "rows of the catalogs that it needs were removed, as where hot_standby_feedback is off",
  wal_level_insufficient: "wal_level of the primary is below logical",
  idle_timeout: "nobody used it for idle_replication_slot_timeout",
};

type SlotName = Pick<ReplicationSlotRow, "slot" | "kind" | "plugin" | "database">;

/**
 * What reads through a plugin. https://www.postgresql.org/docs/current/logical-replication.html,
 * https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Source.PostgreSQL.html,
 * https://debezium.io/documentation/reference/stable/connectors/postgresql.html
 */
const readers: Readonly<Record<string, string>> = {
  pgoutput: "a subscription or a CDC tool such as Debezium",
  test_decoding: "DMS or a script",
  pglogical_output: "pglogical or DMS",
  wal2json: "a CDC tool",
  decoderbufs: "Debezium",
};

function readersOf(plugin: string): string {
  const reader = readers[plugin];
  return reader === undefined ? "" : `: ${reader}`;
}

/**
 * "extended: max_wal_size is exceeded but the files are still retained"; "unreserved": and soon not any more.
 * https://www.postgresql.org/docs/current/view-pg-replication-slots.html
 */
export function isBeyondMaxWalSize({ walStatus }: ReplicationSlotRow): boolean {
  return walStatus === "extended" || walStatus === "unreserved";
}
