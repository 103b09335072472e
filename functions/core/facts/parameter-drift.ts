import type { Member } from "../contract/topology.ts";
import { othersOf, selfOf } from "./rds-facts.ts";
import type { View } from "./view.ts";

/** What a client of the writer meets on the instance that takes its place, when this is set otherwise there. */
const matters: Readonly<Record<string, string>> = {
  "how many can connect": "max_connections max_user_connections max_prepared_transactions",
  "what is in memory": "shared_buffers innodb_buffer_pool_size work_mem hash_mem_multiplier",
  "how long statements and idle clients live":
    "statement_timeout lock_timeout idle_in_transaction_session_timeout wait_timeout innodb_lock_wait_timeout max_execution_time",
  "whether TLS is required": "rds.force_ssl require_secure_transport",
  "what a statement means":
    "sql_mode time_zone timezone lower_case_table_names character_set_server collation_server transaction_isolation tx_isolation default_transaction_isolation max_allowed_packet",
  "whether it takes writes": "default_transaction_read_only read_only super_read_only",
  "what a crash may lose": "synchronous_commit innodb_flush_log_at_trx_commit sync_binlog",
  "who can follow it":
    "rds.logical_replication max_wal_senders max_replication_slots binlog_format binlog_row_image",
  "what runs in it": "shared_preload_libraries event_scheduler autovacuum",
};
const whyOf = Object.entries(matters).flatMap(([why, names]) =>
  names.split(" ").map((name) => [name, why] as const),
);

export interface Difference {
  readonly name: string;
  readonly why: string;
  /** Null: nobody set it there, so that it has the default. */
  readonly writer: string | null;
  readonly other: string | null;
}

export interface Drift {
  readonly member: Member;
  readonly writerGroup: string;
  readonly group: string;
  readonly differences: readonly Difference[];
}

/** Of each member that may take the writer's place: what it would do otherwise. Groups that were not read: none. */
export function driftsOf(view: View): readonly Drift[] {
  const parameters = view.evidence.context?.topology?.parameters ?? null;
  const self = selfOf(view);
  const members = [...(self === null ? [] : [self]), ...othersOf(view)];
  const writer = members.find(({ role }) => role === "writer");
  const writerGroup = writer?.parameterGroups[0]?.name;
  if (parameters === null || writer === undefined || writerGroup === undefined) return [];
  return members.flatMap((member) => {
    const group = member.parameterGroups[0]?.name;
    if (member === writer || group === undefined || group === writerGroup) return [];
    const differences = differencesOf(valuesOf(parameters, writerGroup), valuesOf(parameters, group));
    return differences.length === 0 ? [] : [{ member, writerGroup, group, differences }];
  });
}

type Values = ReadonlyMap<string, string> | null;

function valuesOf(
  parameters: readonly {
    readonly group: string;
    readonly values: readonly { name: string; value: string }[];
  }[],
  group: string,
): Values {
  const found = parameters.find((each) => each.group === group);
  return found === undefined ? null : new Map(found.values.map(({ name, value }) => [name, value]));
}

function differencesOf(writer: Values, other: Values): readonly Difference[] {
  // One that was not read has no defaults to be taken for.
  if (writer === null || other === null) return [];
  return whyOf.flatMap(([name, why]) => {
    const [a, b] = [writer.get(name) ?? null, other.get(name) ?? null];
    return a === b ? [] : [{ name, why, writer: a, other: b }];
  });
}
