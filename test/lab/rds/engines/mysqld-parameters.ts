import * as z from "zod";
import type { EngineParameter } from "./engine-node.ts";
import type { Query } from "./mysqld-replication.ts";

/** ER_INCORRECT_GLOBAL_LOCAL_VAR, ER_UNKNOWN_SYSTEM_VARIABLE */
const readOnlyVariable = 1238;
const unknownVariable = 1193;

/** The names that only the next start changes. */
export async function setAll(
  ask: Query,
  wanted: ReadonlyMap<string, string>,
  inForce: Map<string, string>,
): Promise<readonly string[]> {
  const waiting: string[] = [];
  for (const [name, value] of wanted) {
    if (inForce.get(name) === value) continue;
    const literal = /^-?\d+(\.\d+)?$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`;
    const failed = await errnoOf(ask(`SET GLOBAL ${checked(name)} = ${literal}`));
    if (failed === readOnlyVariable) waiting.push(name);
    else inForce.set(name, value);
  }
  return waiting;
}

/** Setting a variable to what it is changes nothing and tells whether it could be. */
export async function kindOf(ask: Query, name: string): Promise<"static" | "dynamic" | null> {
  const failed = await errnoOf(ask(`SET GLOBAL ${checked(name)} = @@GLOBAL.${checked(name)}`));
  if (failed === unknownVariable) return null;
  return failed === readOnlyVariable ? "static" : "dynamic";
}

/** What people change on RDS: of all of them neither product tells which could be changed while it runs. */
const usual = [
  ...[
    "back_log",
    "binlog_row_image",
    "general_log",
    "innodb_buffer_pool_size",
    "innodb_flush_log_at_trx_commit",
  ],
  ...["innodb_io_capacity", "innodb_lock_wait_timeout", "innodb_print_all_deadlocks", "innodb_purge_threads"],
  ...[
    "innodb_read_io_threads",
    "interactive_timeout",
    "join_buffer_size",
    "lock_wait_timeout",
    "long_query_time",
  ],
  ...["max_allowed_packet", "max_connections", "max_heap_table_size", "performance_schema", "read_only"],
  ...[
    "slow_query_log",
    "sort_buffer_size",
    "sync_binlog",
    "table_open_cache",
    "tmp_table_size",
    "wait_timeout",
  ],
];

const valueSchema = z.object({ value: z.coerce.string() });

export async function parametersOf(ask: Query): Promise<readonly EngineParameter[]> {
  const found: EngineParameter[] = [];
  for (const name of usual) {
    const kind = await kindOf(ask, name);
    if (kind === null) continue;
    const [row] = await ask(`select @@global.${checked(name)} as value`);
    found.push({ name, value: valueSchema.parse(row).value, dynamic: kind === "dynamic" });
  }
  return found;
}

function checked(name: string): string {
  return z
    .string()
    .regex(/^\w+(\.\w+)?$/, "no name of a variable")
    .parse(name);
}

const withErrno = z.object({ errno: z.number() });

async function errnoOf(work: Promise<unknown>): Promise<number | null> {
  try {
    await work;
    return null;
  } catch (error) {
    const told = withErrno.safeParse(error);
    if (told.success && [readOnlyVariable, unknownVariable].includes(told.data.errno)) return told.data.errno;
    throw error;
  }
}
