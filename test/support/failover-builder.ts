import { type FailoverRun, newRun, type Phase } from "../../functions/core/contract/failover.ts";
import { type FailoverInput, failoverInputSchema } from "../../functions/core/contract/failover-input.ts";
import type { FailoverTopology, Node, NodeLook } from "../../functions/core/contract/failover-topology.ts";
import type { Situation } from "../../functions/core/failover/choose.ts";
import type { Seen } from "../../functions/core/failover/turn.ts";

export const noon = Date.parse("2026-01-01T12:00:00Z");
export const quiet: Situation = { cause: null, alarms: null, otherRun: null };

export function lsn(value: string) {
  return { kind: "lsn" as const, value };
}

export function aLook(overrides: Partial<NodeLook> = {}): NodeLook {
  return {
    ...{
      at: "2026-01-01T12:00:00Z",
      reachable: true,
      failedAt: null,
      writable: false,
      fenced: false,
      clients: 0,
    },
    ...{ written: null, received: lsn("0/500"), applied: lsn("0/500"), sourceWritten: lsn("0/500") },
    ...{
      silentSeconds: 0,
      heartbeatEverySeconds: 30,
      receiving: true,
      applying: true,
      delaySeconds: 0,
      filtered: false,
    },
    ...{ heartbeatAgeSeconds: null, heartbeatRows: null, openTransaction: { rows: 0, seconds: 0 } },
    ...overrides,
  };
}

export const noAnswer = aLook({
  ...{ reachable: false, failedAt: "TCP", writable: null, fenced: null, clients: null, received: null },
  ...{ applied: null, sourceWritten: null, receiving: null, applying: null, delaySeconds: null },
  ...{ filtered: null, openTransaction: null, silentSeconds: null },
});

export function aNode(id: string, overrides: Partial<Node> = {}): Node {
  return {
    ...{
      id,
      arn: null,
      region: "eu-west-1",
      role: "replica",
      instanceClass: "db.r7g.large",
      engineVersion: "17.2",
    },
    ...{
      parameterGroup: "orders-17",
      parameterStatus: "in-sync",
      status: "available",
      zone: null,
      tier: null,
    },
    ...{ multiAz: false, replicaOf: "orders-db", replication: { status: "replicating", normal: true } },
    ...{ pending: [], backupRetentionDays: 7, freeStoragePercent: 60, securityGroups: ["sg-app"], lag: null },
    ...{ activity: { busy: false, ageSeconds: 30 }, restartedAt: null, look: aLook() },
    ...overrides,
  };
}

/** A primary that died, and one replica that has everything and receives nothing. */
export function aGroup(overrides: Partial<FailoverTopology> = {}): FailoverTopology {
  return {
    ...{
      kind: "primary-replica",
      engine: "postgres",
      group: "orders-db",
      clusterId: null,
      clusterStatus: null,
    },
    ...{ globalId: null, primary: "orders-db", quarantineGroup: "sg-quarantine" },
    ...{ blueGreen: false, failingOver: false },
    names: [{ kind: "route53", zoneId: "Z1", record: "orders.internal" }],
    nodes: [
      aNode("orders-db", { role: "writer", replicaOf: null, replication: null, look: noAnswer }),
      aNode("orders-db-1", { look: aLook({ receiving: false }) }),
    ],
    ...overrides,
  };
}

/** The same with one node changed. */
export function withNode(topology: FailoverTopology, id: string, change: Partial<Node>): FailoverTopology {
  return {
    ...topology,
    nodes: topology.nodes.map((node) => (node.id === id ? { ...node, ...change } : node)),
  };
}

export function anInput(overrides: Partial<FailoverInput> = {}): FailoverInput {
  return { ...failoverInputSchema.parse({ database: "orders-db", reason: "checkout fails" }), ...overrides };
}

/** Up to these nobody has agreed to anything. */
const unagreed: readonly Phase[] = ["load", "lock", "choose", "check", "approve"];

/** Judged and agreed to at noon, where its method is chosen and it is, or ended, in no phase before that. */
export function aRun(overrides: Partial<FailoverRun> = {}): FailoverRun {
  const run = newRun("run-1", anInput(), noon, true);
  const phase = overrides.ending?.phase ?? overrides.phase;
  const early = phase === undefined ? overrides.method === undefined : unagreed.includes(phase);
  const times = overrides.times ?? run.times;
  const approved = times.approved ?? (early ? null : noon);
  const checkedAt = overrides.checkedAt ?? approved;
  return { ...run, ...overrides, checkedAt, times: { ...times, approved } };
}

/** Where every name of the group leads. */
export function ledTo({ names }: Pick<FailoverTopology, "names">, pointsTo: string): Pick<Seen, "names"> {
  return { names: names.map((ref) => ({ ref, reading: { pointsTo, proves: null, ttlSeconds: 5 } })) };
}

/** A look that asked where the names lead, and was not told. */
export function untold({ names }: Pick<FailoverTopology, "names">): Pick<Seen, "names"> {
  return { names: names.map((ref) => ({ ref, reading: null })) };
}

/** Every name leads to the primary of before. */
export function seenOf(topology: FailoverTopology | null, overrides: Partial<Seen> = {}): Seen {
  return {
    ...{ now: noon, topology, situation: quiet, lock: { run: "run-1", token: 7 }, approval: null },
    ...(topology === null ? { names: [] } : ledTo(topology, "orders-db")),
    answer: null,
    ...overrides,
  };
}
