import * as z from "zod";
import { engineSchema } from "./target.ts";

/** Everywhere here null means: was not seen. No null ever speaks for a node. */
const text = z.string().nullable();
const flag = z.boolean().nullable();
const count = z.number().nonnegative().nullable();

/**
 * Where a node stands in the stream of changes: a WAL location, a GTID set of MySQL, a GTID list of MariaDB; without
 * GTIDs a place in the binary log of one server, which stands before it: "server/file:position".
 */
export const positionSchema = z.object({
  kind: z.enum(["lsn", "gtid", "mariadb-gtid", "binlog"]),
  value: z.string(),
});
export type Position = z.infer<typeof positionSchema>;

/** What a node said of itself when it was asked from inside the VPC; crosses a function's boundary. */
export const nodeLookSchema = z.object({
  /** ISO time of the look. */
  at: z.string(),
  reachable: z.boolean(),
  /** Of one that was not reached: name resolution, TCP, TLS, sign-in, no free slot. */
  failedAt: text,
  /** Its host answered that nothing listens there: the way is open, and no engine is behind it. Absent: not said. */
  refused: z.boolean().exactOptional(),
  /** A write by an ordinary client would be taken. */
  writable: flag,
  /** It would take no write without our fence either: a standby, or read-only as a server. Absent: not said. */
  readOnly: flag.exactOptional(),
  /** Our fence stands on it: no client may write, whatever the node is. */
  fenced: flag,
  /** Something of our fence stands on it, be it all or a half. Absent: not asked for. */
  traces: flag.exactOptional(),
  /** Sessions of clients, the responder's own left out. */
  clients: count,
  /** A primary's end of its own stream. */
  written: positionSchema.nullable(),
  received: positionSchema.nullable(),
  applied: positionSchema.nullable(),
  /** It has a live stream from its source now. */
  receiving: flag,
  /** The end of its source's stream when the source last said it; PostgreSQL's latest_end_lsn. */
  sourceWritten: positionSchema.nullable(),
  /** Since the source last said anything. */
  silentSeconds: count,
  /** An idle source that lives is heard from so often; null, absent: not known, and silence proves nothing. */
  heartbeatEverySeconds: count.exactOptional(),
  /** What it receives is being applied. */
  applying: flag,
  /** Applied so much later on purpose; 0: at once. */
  delaySeconds: count,
  /** Some tables or databases are left out of what it applies. */
  filtered: flag,
  /** Of the newest row of the heartbeat table that it has; null where there is no such table. */
  heartbeatAgeSeconds: count,
  heartbeatRows: count,
  /** The largest open transaction: what it wrote, or how long it has worked. */
  openTransaction: z.object({ rows: count, seconds: count }).nullable(),
});
export type NodeLook = z.infer<typeof nodeLookSchema>;

export const nodeSchema = z.object({
  id: z.string().min(1),
  arn: text,
  /** DbiResourceId: what is renamed keeps it, what is made under the name of another one has its own. */
  resourceId: text.exactOptional(),
  region: text,
  /** A whole cluster stands for a node of a global database. */
  role: z.enum(["writer", "reader", "replica", "unknown"]),
  instanceClass: text,
  engineVersion: text,
  parameterGroup: text,
  parameterStatus: text,
  status: text,
  zone: text,
  /** 0 is promoted first; Aurora only. */
  tier: z.number().nullable(),
  multiAz: flag,
  replicaOf: text,
  replication: z.object({ status: text, normal: flag }).nullable(),
  pending: z.array(z.string()).nullable(),
  backupRetentionDays: count,
  freeStoragePercent: count,
  securityGroups: z.array(z.string()).nullable(),
  /** As CloudWatch has it: −1 and a stale sample say nothing. */
  lag: z
    .object({
      seconds: z.number(),
      ageSeconds: z.number().nonnegative(),
      /** The last sample before it began to grow by the clock alone, or to say -1: nothing came any more. */
      before: z.object({ seconds: z.number(), ageSeconds: z.number().nonnegative() }).exactOptional(),
    })
    .nullable(),
  /** Whether CloudWatch shows writes or clients, and how old that is. */
  activity: z
    .object({
      busy: z.boolean(),
      ageSeconds: z.number().nonnegative(),
      /** Of the newest sample that shows clients. */
      busyAgeSeconds: z.number().nonnegative().exactOptional(),
    })
    .nullable(),
  /** ISO time of its last restart as RDS tells it. */
  restartedAt: text,
  look: nodeLookSchema.nullable(),
});
export type Node = z.infer<typeof nodeSchema>;

export const nameRefSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("route53"), zoneId: z.string(), record: z.string() }),
  z.object({ kind: z.literal("secret"), secretId: z.string() }),
  z.object({ kind: z.literal("parameter"), name: z.string() }),
  z.object({ kind: z.literal("proxy"), proxy: z.string(), targetGroup: z.string() }),
]);
export type NameRef = z.infer<typeof nameRefSchema>;

export const failoverTopologySchema = z.object({
  kind: z.enum([
    "aurora",
    "multi-az-instance",
    "multi-az-cluster",
    "primary-replica",
    "global",
    "single-instance",
  ]),
  engine: engineSchema,
  group: z.string().min(1),
  clusterId: text,
  clusterStatus: text,
  globalId: text,
  /** The one that clients should write to, as RDS has it; null while RDS names none. */
  primary: text,
  nodes: z.array(nodeSchema).max(64),
  names: z.array(nameRefSchema).max(20),
  /** Nodes of it that settings have names of, while they have none of the group. */
  namesElsewhere: z.array(z.string()).exactOptional(),
  /** Security group that lets in the responder and nobody else; null: none is configured. */
  quarantineGroup: text,
  /**
   * ISO time of the last failover of this group, RDS's own or ours, one included whose call was only sent; undefined:
   * none, null: could not be read.
   */
  lastFailoverAt: text.optional(),
  /** The newest call of ours that moves its writer, whatever became of it, and whose it was; null: not written down. */
  lastCall: z.object({ at: z.string(), by: text }).exactOptional(),
  /** The run of ours that changed anything of it last. */
  lastRun: z.string().exactOptional(),
  blueGreen: flag,
  /** RDS fails it over by itself just now. */
  failingOver: flag,
});
export type FailoverTopology = z.infer<typeof failoverTopologySchema>;

/** A node of the responder's own Region is named by its identifier, one of another Region by its ARN. */
export function isElsewhere({ id }: Pick<Node, "id">): boolean {
  return id.startsWith("arn:");
}

export function nodeOf({ nodes }: Pick<FailoverTopology, "nodes">, id: string | null): Node | null {
  return nodes.find((node) => node.id === id) ?? null;
}
