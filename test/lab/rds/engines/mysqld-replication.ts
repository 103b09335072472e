import type { RowDataPacket } from "mysql2/promise";
import * as z from "zod";
import { startReplication } from "../../engines/mysql-rds.ts";
import type { EngineSample } from "./engine-node.ts";

type Family = "mysql" | "mariadb";
export type Query = (sql: string, ...values: string[]) => Promise<RowDataPacket[]>;

/** Where the two products say the same in other words. Sources: facts/engines.md 2 and 3. */
const words = {
  mysql: {
    written: "select @@global.gtid_executed as at",
    reached: "select gtid_subset(?, @@global.gtid_executed) = 1 as reached",
    apply: "select wait_for_executed_gtid_set(?, 30)",
    received: "Retrieved_Gtid_Set",
    lag: "Seconds_Behind_Source",
    forget: ["STOP REPLICA", "RESET REPLICA ALL"],
  },
  mariadb: {
    written: "select @@global.gtid_binlog_pos as at",
    reached: "select master_gtid_wait(?, 0) = 0 as reached",
    apply: "select master_gtid_wait(?, 30)",
    received: "Gtid_IO_Pos",
    lag: "Seconds_Behind_Master",
    forget: ["STOP SLAVE", "RESET SLAVE ALL"],
  },
} as const;

const written = z.object({ at: z.string() });
const reachedRow = z.object({ reached: z.coerce.boolean() });
const counted = z.object({ connections: z.coerce.number() });
const statusRow = z.record(z.string(), z.unknown());
const applierRuns = z
  .object({ Replica_SQL_Running: z.literal("Yes") })
  .or(z.object({ Slave_SQL_Running: z.literal("Yes") }));

export async function positionOf(family: Family, query: Query): Promise<string> {
  return written.parse((await query(words[family].written))[0]).at;
}

export async function hasReached(family: Family, query: Query, position: string): Promise<boolean> {
  return reachedRow.parse((await query(words[family].reached, position))[0]).reached;
}

export async function follow(family: Family, query: Query, sourcePort: number): Promise<void> {
  if ((await query("SHOW REPLICA STATUS")).length > 0) await query(words[family].forget[0]);
  for (const statement of startReplication(family, sourcePort)) await query(statement);
}

/** What has been received is applied first, for as long as the applier works; a broken one keeps nobody waiting. */
export async function promote(family: Family, query: Query): Promise<void> {
  const { forget, received, apply } = words[family];
  await query("STOP REPLICA IO_THREAD");
  const [row] = await query("SHOW REPLICA STATUS");
  const position = statusRow.parse(row ?? {})[received];
  if (applierRuns.safeParse(row).success && typeof position === "string") await query(apply, position);
  for (const statement of forget) await query(statement);
  await query("SET GLOBAL read_only = OFF");
}

/** Without our own session, and without those that replicas and the server itself keep. */
const connectionsSql = `select count(*) as connections from information_schema.processlist
  where id <> connection_id() and user not in ('system user', 'event_scheduler', 'rdsrepladmin')`;

const receiverRuns = z
  .object({ Replica_IO_Running: z.literal("Yes") })
  .or(z.object({ Slave_IO_Running: z.literal("Yes") }));

/** -1 as in CloudWatch when replication does not run: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html */
export async function sample(family: Family, query: Query): Promise<EngineSample> {
  const { connections } = counted.parse((await query(connectionsSql))[0]);
  const [row] = await query("SHOW REPLICA STATUS");
  if (row === undefined) return { connections, lagSeconds: null, replicating: null, caughtUp: true };
  const replicating = receiverRuns.safeParse(row).success && applierRuns.safeParse(row).success;
  const lag = statusRow.parse(row)[words[family].lag];
  const lagSeconds = typeof lag === "number" || typeof lag === "string" ? Number(lag) : -1;
  return { connections, lagSeconds, replicating, caughtUp: lagSeconds === 0 };
}
