import * as z from "zod";
import type { MadeDatabase, ProxyPool } from "../../core/change-ports.ts";
import { AwsError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports.ts";
import type { AwsCall } from "../../core/text/aws-call.ts";

/** What is made beside the databases, and the proxies before them. */
export interface MemoryMade {
  readonly made: MadeDatabase[];
  readonly pools: Map<string, ProxyPool>;
  /** False: the call is of another kind. */
  take(call: AwsCall): boolean;
  /** What is being made is there, what is being deleted is gone. */
  settle(): void;
}

const madeSchema = z.object({
  DBInstanceIdentifier: z.string().optional(),
  TargetDBInstanceIdentifier: z.string().optional(),
  DBClusterIdentifier: z.string().optional(),
  SourceDBInstanceIdentifier: z.string().optional(),
  SourceDBClusterIdentifier: z.string().optional(),
  DBInstanceClass: z.string().optional(),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
});
const poolSchema = z.object({
  DBProxyName: z.string(),
  ConnectionPoolConfig: z.object({
    MaxConnectionsPercent: z.number(),
    MaxIdleConnectionsPercent: z.number(),
    ConnectionBorrowTimeout: z.number(),
  }),
});

export function createMemoryMade(clock: Clock): MemoryMade {
  const made: MadeDatabase[] = [];
  const pools = new Map<string, ProxyPool>();
  const put = (one: MadeDatabase): void => {
    if (made.some(({ id }) => id === one.id)) throw new AwsError("DBInstanceAlreadyExists", true, "exists");
    made.push(one);
  };
  const takers: Partial<Record<AwsCall["operation"], (call: AwsCall) => void>> = {
    CreateDBInstance: (call) => put(madeBy(call, clock)),
    CreateDBInstanceReadReplica: (call) => put(madeBy(call, clock)),
    RestoreDBInstanceToPointInTime: (call) => put(madeBy(call, clock)),
    RestoreDBClusterToPointInTime: (call) => put(madeBy(call, clock)),
    DeleteDBInstance: ({ input }) => {
      const at = made.findIndex(({ id }) => id === input["DBInstanceIdentifier"]);
      const one = made[at];
      if (one === undefined) throw new AwsError("DBInstanceNotFoundFault", true, "not found");
      made[at] = { ...one, status: "deleting" };
    },
    ModifyDBProxyTargetGroup: ({ input }) => {
      const { DBProxyName: proxy, ConnectionPoolConfig: wanted } = poolSchema.parse(input);
      const pool = pools.get(proxy);
      if (pool === undefined) throw new AwsError("DBProxyNotFoundFault", true, "not found");
      pools.set(proxy, {
        ...pool,
        maxConnectionsPercent: wanted.MaxConnectionsPercent,
        maxIdleConnectionsPercent: wanted.MaxIdleConnectionsPercent,
        borrowTimeoutSeconds: wanted.ConnectionBorrowTimeout,
        updatedAt: new Date(clock.now()).toISOString(),
      });
    },
  };
  return {
    made,
    pools,
    take: (call) => {
      const taker = takers[call.operation];
      taker?.(call);
      return taker !== undefined;
    },
    settle: () => {
      const left = made
        .filter(({ status }) => status !== "deleting")
        .map((one) => ({ ...one, status: "available" }));
      made.splice(0, made.length, ...left);
    },
  };
}

function madeBy({ operation, input }: AwsCall, clock: Clock): MadeDatabase {
  const given = madeSchema.parse(input);
  const isMember = operation === "CreateDBInstance";
  const id =
    given.TargetDBInstanceIdentifier ?? given.DBInstanceIdentifier ?? given.DBClusterIdentifier ?? "";
  return {
    id,
    resourceId: `db-${id}`,
    status: "creating",
    clusterId: isMember ? (given.DBClusterIdentifier ?? null) : null,
    sourceId: operation === "CreateDBInstanceReadReplica" ? (given.SourceDBInstanceIdentifier ?? null) : null,
    isWriter: isMember ? false : null,
    instanceClass: given.DBInstanceClass ?? null,
    isProtected: false,
    createdAt: new Date(clock.now()).toISOString(),
    restorable: { from: null, to: null },
    tags: Object.fromEntries(given.Tags.map(({ Key, Value }) => [Key, Value])),
  };
}
