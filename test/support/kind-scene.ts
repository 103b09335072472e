import type { Engine } from "../../functions/core/contract/target.ts";
import type { Member, Topology, TopologyKind } from "../../functions/core/contract/topology.ts";
import type { View } from "../../functions/core/facts/view.ts";
import { aCluster, aMember, aTopology } from "./context-builder.ts";
import { aTarget } from "./evidence-builder.ts";
import { type MetricScene, metricView } from "./metric-scene.ts";

export const kinds: readonly TopologyKind[] = [
  "rds-instance",
  "multi-az-instance",
  "read-replica",
  "multi-az-cluster",
  "aurora-provisioned",
  "aurora-serverless-v2",
  "aurora-global",
];

type Storage = NonNullable<Member["storage"]>;

export function aVolume(overrides: Partial<Storage> = {}): Storage {
  const plain = { limitGib: null, operation: null, operationPercent: null };
  return { type: "gp3", allocatedGib: 100, iops: 3000, throughputMibps: 125, ...plain, ...overrides };
}

export interface KindScene extends MetricScene {
  readonly cluster?: Partial<NonNullable<Topology["cluster"]>>;
  readonly topology?: Partial<Topology>;
}

/** A database of this kind as RDS describes it. */
export function kindView(kind: TopologyKind, scene: KindScene = {}): View {
  const engine: Engine = scene.engine ?? "postgres";
  const aurora = kind.startsWith("aurora");
  const inCluster = aurora || kind === "multi-az-cluster";
  const instanceClass = classOf(kind);
  const self = aMember({
    instanceClass,
    role: kind === "read-replica" ? "replica" : "writer",
    multiAz: kind === "multi-az-instance" || inCluster,
    storage: aurora ? null : aVolume(),
    replicaOf: kind === "read-replica" ? "orders-main" : null,
    ...scene.self,
  });
  const cluster = inCluster
    ? aCluster({
        serverless:
          instanceClass === "db.serverless" ? { minAcu: 2, maxAcu: 16, autoPauseSeconds: null } : null,
        ...scene.cluster,
      })
    : null;
  const topology = aTopology({
    kind,
    members: [self, ...(scene.others ?? []).map(aMember)],
    cluster,
    ...scene.topology,
  });
  return metricView({
    ...scene,
    overrides: {
      target: aTarget({
        engine,
        flavour: aurora ? "aurora" : "rds",
        clusterId: cluster?.id ?? null,
        instanceClass: self.instanceClass,
      }),
      ...scene.overrides,
    },
    context: { topology, ...scene.context },
  });
}

function classOf(kind: TopologyKind): string {
  if (kind === "multi-az-cluster") return "db.r6gd.large";
  return kind === "aurora-serverless-v2" ? "db.serverless" : "db.r6g.large";
}
