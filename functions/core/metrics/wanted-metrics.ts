import type { Target } from "../contract/target.ts";
import type { Member, Topology } from "../contract/topology.ts";
import { type MetricSpec, type MetricSubject, metricCatalogue } from "./metric-catalogue.ts";

/** One metric of one instance or cluster. */
export interface WantedMetric {
  readonly spec: MetricSpec;
  readonly subject: string;
  /** With the past: of the database in trouble, its cluster, and what its source writes; not of other members. */
  readonly compared: boolean;
  /** Null while the topology is not known, and for a cluster. */
  readonly member: Member | null;
}

/** Members beside the database itself: Aurora allows 15 readers, RDS 15 replicas. */
const maxOthers = 15;

/** What to read for a database, its cluster and the other members of its group: only what their flavours publish. */
export function wantedMetrics(target: Target, topology: Topology | null): readonly WantedMetric[] {
  const members = topology?.members ?? [];
  const self = members.find(({ id }) => id === target.name) ?? null;
  const others = members.filter(({ id, here }) => here && id !== target.name).slice(0, maxOthers);
  const subject = subjectOf(target, self, topology);
  const clusterId = topology?.cluster?.id ?? target.clusterId;
  return [
    ...metricsOf("instance", subject).map((spec) => ({
      spec,
      subject: target.name,
      compared: true,
      member: self,
    })),
    ...(clusterId === null
      ? []
      : metricsOf("cluster", subject).map((spec) => ({
          spec,
          subject: clusterId,
          compared: true,
          member: null,
        }))),
    ...others.flatMap((member) =>
      metricsOf("instance", subjectOf(target, member, topology))
        .filter(({ everyMember, ofSource }) => everyMember || (ofSource && followsIt(self, member)))
        .map((spec) => ({ spec, subject: member.id, compared: spec.ofSource === true, member })),
    ),
  ];
}

/** The instance that a replica names, or the writer of a reader's cluster. */
export function followsIt(self: Member | null, member: Member): boolean {
  if (self === null || self.role === "writer" || self.id === member.id) return false;
  return self.replicaOf === member.id || (self.role === "reader" && member.role === "writer");
}

function metricsOf(of: MetricSpec["of"], subject: MetricSubject): readonly MetricSpec[] {
  return metricCatalogue.filter((spec) => spec.of === of && spec.publishedBy(subject));
}

function subjectOf(target: Target, member: Member | null, topology: Topology | null): MetricSubject {
  const aurora = target.flavour === "aurora";
  return {
    engine: target.engine,
    aurora,
    role: member?.role ?? target.role,
    instanceClass: member?.instanceClass ?? target.instanceClass,
    storageType: member?.storage?.type ?? null,
    inMultiAzCluster: !aurora && target.clusterId !== null,
    global: globalRole(target, topology),
  };
}

/** Clusters of a global database are named by ARN: two Regions may have a cluster of the same name. */
function globalRole({ region, clusterId }: Target, topology: Topology | null): MetricSubject["global"] {
  const global = topology?.global ?? null;
  if (global === null) return topology?.kind === "aurora-global" ? "unknown" : null;
  const own = topology?.cluster?.id ?? clusterId;
  const cluster = global.clusters.find(({ arn }) => {
    const [, , , where, , , name] = arn.split(":");
    return where === region && name === own;
  });
  if (cluster === undefined) return "unknown";
  return cluster.isWriter ? "primary" : "secondary";
}
