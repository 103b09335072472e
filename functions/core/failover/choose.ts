import { vcpusOf } from "../context/instance-class.ts";
import type { Method } from "../contract/failover.ts";
import type { FailoverInput } from "../contract/failover-input.ts";
import { type FailoverTopology, type Node, nodeOf } from "../contract/failover-topology.ts";
import type { Category } from "../contract/finding.ts";
import { again, lookCommand, restoreCommand } from "./commands.ts";
import { follows } from "./follows.ts";
import { lagOf } from "./lag.ts";
import { hasAll } from "./positions.ts";

/** What is known of the trouble; null: nobody has diagnosed it. */
export interface Situation {
  readonly cause: { readonly id: string; readonly category: Category } | null;
  /** Alarms of this group that stand, of those that watch it; null: could not be read. */
  readonly alarms: { readonly standing: number; readonly watching: number } | null;
  /** Run of the failover that has the group's lock, if another one has. */
  readonly otherRun: string | null;
  /** As it stands at this look; engaged null: could not be read. Absent: there is none where this run is driven. */
  readonly killSwitch?: { readonly engaged: boolean | null; readonly says: string };
}

export interface Ranked {
  readonly id: string;
  readonly reasons: readonly string[];
}

export type Choice =
  | {
      readonly method: Method;
      readonly candidate: string | null;
      readonly ranked: readonly Ranked[];
      readonly says: string;
    }
  | { readonly method: null; readonly says: string; readonly nextCommand: string };

/** Moving it elsewhere takes the lock or the statement along, and everybody's connections are lost besides. */
const notCured = ["locks", "queries", "vacuum", "indexes", "views", "configuration"];

export function choose(topology: FailoverTopology, input: FailoverInput, situation: Situation): Choice {
  const { cause } = situation;
  if (input.force === false && cause !== null && notCured.includes(cause.category)) {
    return none(
      `The cause is ${cause.id}: a failover does not mend it, the new writer would meet the same.`,
      lookCommand("fix", topology.engine, input.database),
    );
  }
  switch (topology.kind) {
    case "single-instance":
      return none(
        `${input.database} has no standby, no reader and no replica to fail over to.`,
        restoreCommand(input.database),
      );
    case "multi-az-instance":
      if (input.candidate !== undefined) {
        return none(
          `${input.database} fails over to its standby, which has no name: ${input.candidate} cannot be chosen.`,
          again({ input: withoutCandidate(input) }),
        );
      }
      return { method: "reboot-with-failover", candidate: null, ranked: [], says: "its standby takes over" };
    case "multi-az-cluster":
      return inCluster(topology, input, topology.engine === "postgres");
    case "aurora":
      return inCluster(topology, input, true);
    case "primary-replica":
      return ofReplicas(topology, input);
    case "global":
      return ofGlobal(topology, input);
    default:
      return topology.kind satisfies never;
  }
}

function withoutCandidate({ candidate: _, ...input }: FailoverInput): FailoverInput {
  return input;
}

function none(says: string, nextCommand: string): Choice {
  return { method: null, says, nextCommand };
}

/** RDS for MySQL takes no target in a Multi-AZ DB cluster: RDS chooses between the two itself. */
function inCluster(topology: FailoverTopology, input: FailoverInput, named: boolean): Choice {
  const ranked = rank(topology, ({ role }) => role === "reader");
  const [best] = ranked;
  if (best === undefined) {
    return none(
      "The cluster has a writer and no reader: RDS would recreate the writer, which takes up to ten minutes.",
      `aws rds create-db-instance --db-cluster-identifier ${topology.clusterId ?? input.database} --engine ${auroraEngine(topology)} --db-instance-class ${nodeOf(topology, topology.primary)?.instanceClass ?? "CLASS"} --db-instance-identifier ${input.database}-reader`,
    );
  }
  const says =
    ranked.length === 1
      ? "the only reader; readers' load goes to the writer meanwhile"
      : "the best of the readers";
  if (!named && input.candidate !== undefined) {
    return none(
      `RDS for MySQL chooses between the readers of a Multi-AZ DB cluster itself: ${input.candidate} cannot be chosen.`,
      again({ input: withoutCandidate(input) }),
    );
  }
  return {
    method: "fail-over-cluster",
    candidate: named ? (input.candidate ?? best.id) : null,
    ranked,
    says,
  };
}

function auroraEngine({ engine }: FailoverTopology): string {
  return engine === "postgres" ? "aurora-postgresql" : "aurora-mysql";
}

function ofReplicas(topology: FailoverTopology, input: FailoverInput): Choice {
  const { primary } = topology;
  const ranked = rank(topology, (node) => node.role === "replica" && follows(topology, node, primary));
  const candidate = input.candidate ?? ranked[0]?.id;
  if (candidate === undefined) return withoutReplica(topology, input);
  const others = ranked.length - 1;
  const says =
    others > 0
      ? `the best of ${ranked.length} replicas; the others go on following the old primary and are to be rebuilt`
      : "the only replica";
  return { method: "promote-replica", candidate, ranked, says };
}

/** Others follow whom a failover before left, and have nothing of what was written since. */
function withoutReplica({ nodes, primary, engine }: FailoverTopology, { database }: FailoverInput): Choice {
  const others = nodes.filter(({ role }) => role === "replica");
  const says = `No replica of ${primary ?? database} is left to promote.`;
  if (others.length === 0) return none(says, lookCommand("diagnose", engine, database));
  const whose = others.map(({ id, replicaOf }) => `${id} follows ${replicaOf ?? "nobody"}`).join(", ");
  return none(
    `${says} What follows another one is no copy of it: ${whose}.`,
    restoreCommand(primary ?? database),
  );
}

/** Without loss it is a switchover, and needs both Regions; with loss only when the loss is named in `force`. */
function ofGlobal(topology: FailoverTopology, input: FailoverInput): Choice {
  const ranked = rank(topology, ({ id }) => id !== topology.primary);
  const candidate = input.candidate ?? ranked[0]?.id;
  if (candidate === undefined)
    return none("The global database has no secondary cluster.", "aws rds describe-global-clusters");
  return input.kind === "planned"
    ? { method: "switch-over-global", candidate, ranked, says: "a switchover: nothing is lost" }
    : {
        method: "fail-over-global",
        candidate,
        ranked,
        says: "a failover of the Region: what was not copied is lost",
      };
}

/** By tier, direct before chained, who received most, least lag, most vCPUs, the primary's Region; then by name, the same at each look. */
function rank(topology: FailoverTopology, may: (node: Node) => boolean): readonly Ranked[] {
  const primary = nodeOf(topology, topology.primary);
  return topology.nodes
    .filter(may)
    .map((node) => ({ node, key: rankKey(node, primary, topology.nodes) }))
    .toSorted((a, b) => compare(a.key, b.key) || (a.node.id < b.node.id ? -1 : 1))
    .map(({ node }) => ({ id: node.id, reasons: reasonsFor(node, primary) }));
}

function rankKey(node: Node, primary: Node | null, all: readonly Node[]): readonly number[] {
  const lag = lagOf(node, primary);
  return [
    node.look?.reachable === true ? 0 : 1,
    node.replicaOf === null || node.replicaOf === primary?.id ? 0 : 1,
    node.region === (primary?.region ?? node.region) ? 0 : 1,
    node.tier ?? 15,
    all.filter((other) => hasMore(other, node)).length,
    lag.known ? lag.seconds : 1e9,
    -(vcpusOf(node.instanceClass) ?? 0),
  ];
}

/** The minutes of CloudWatch do not tell replicas apart of which one lost its stream just before the primary died. */
function hasMore({ look: theirs, replicaOf }: Node, { look: own }: Node): boolean {
  return replicaOf !== null && hasAll(own?.received ?? null, theirs?.received ?? null) === false;
}

function compare(a: readonly number[], b: readonly number[]): number {
  return a.map((value, at) => value - (b[at] ?? 0)).find((gap) => gap !== 0) ?? 0;
}

function reasonsFor(node: Node, primary: Node | null): readonly string[] {
  const lag = lagOf(node, primary);
  return [
    ...(node.tier === null ? [] : [`tier ${node.tier}`]),
    lag.known ? `lag ${lag.seconds} s by ${lag.by}` : lag.because,
    node.instanceClass ?? "class not known",
    ...(node.replicaOf !== null && node.replicaOf !== primary?.id ? [`a replica of ${node.replicaOf}`] : []),
    ...(node.region !== null && node.region !== primary?.region ? [`in ${node.region}`] : []),
    ...(node.look?.reachable === true ? [] : ["not reached from the VPC"]),
  ];
}
