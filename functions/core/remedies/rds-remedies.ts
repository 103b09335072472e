import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import { selfOf } from "../facts/rds-facts.ts";
import type { View } from "../facts/view.ts";

/** Applied at once, every change that is pending goes along; who says yes must know. */
function pendingText(view: View): string {
  const pending = selfOf(view)?.pending ?? [];
  return pending.length === 0
    ? ""
    : ` Applied immediately, it also applies what is pending: ${pending.map(({ name }) => name).join(", ")}.`;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html */
export function growStorage(view: View): readonly ProposedAction[] {
  const { target } = view.evidence;
  const storage = selfOf(view)?.storage ?? null;
  if (target.flavour !== "rds") return [];
  const allocated = storage?.allocatedGib ?? null;
  const size = allocated === null ? "GIBIBYTES" : String(Math.ceil(allocated * 1.2));
  return [
    proposeManual({
      id: "grow-storage",
      spec: ["A23"],
      risk: "disruptive",
      preview: `aws rds modify-db-instance --db-instance-identifier ${target.name} --allocated-storage ${size} --apply-immediately`,
      describes: `grow the storage of ${target.name}${allocated === null ? "" : ` from ${allocated} to ${size} GiB`}`,
      consequence: `No downtime; it may be slower while it is optimized, cannot shrink again, and is not possible again for 6 hours.${pendingText(view)}`,
    }),
  ];
}

export function raiseIops(view: View): readonly ProposedAction[] {
  const { target } = view.evidence;
  const storage = selfOf(view)?.storage ?? null;
  if (target.flavour !== "rds" || storage === null || storage.iops === null) return [];
  const iops = Math.ceil((storage.iops * 1.5) / 1000) * 1000;
  const size = storage.allocatedGib === null ? "" : ` --allocated-storage ${storage.allocatedGib}`;
  return [
    proposeManual({
      id: "grow-storage",
      spec: ["A23"],
      risk: "disruptive",
      preview: `aws rds modify-db-instance --db-instance-identifier ${target.name} --iops ${iops}${size} --apply-immediately`,
      describes: `raise the provisioned IOPS of ${target.name} from ${storage.iops} to ${iops}`,
      consequence: `No downtime; costs more, and is not possible again for 6 hours. gp3 below its size limit for more IOPS has to grow first.${pendingText(view)}`,
    }),
  ];
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html */
export function scaleInstanceClass(view: View): readonly ProposedAction[] {
  const { target } = view.evidence;
  const self = selfOf(view);
  const now = self?.instanceClass ?? target.instanceClass;
  if (target.flavour === "self-managed" || now === null || now === "db.serverless") return [];
  const outage = self?.multiAz === true ? "about a minute, for a failover" : "minutes, while it restarts";
  return [
    proposeManual({
      id: "scale-instance-class",
      spec: ["A20"],
      risk: "disruptive",
      preview: `aws rds modify-db-instance --db-instance-identifier ${target.name} --db-instance-class ${nextClass(now)} --apply-immediately`,
      describes: `the next class above ${now} for ${target.name}`,
      consequence: `An outage of ${outage}; costs about twice as much. Not while a large transaction is open: its rollback comes on top.${pendingText(view)}`,
    }),
  ];
}

function nextClass(name: string): string {
  const [, family = name, times, size = ""] = /^(db\.[a-z0-9-]+)\.(\d+)?([a-z]+)$/.exec(name) ?? [];
  if (size === "xlarge") return `${family}.${Number(times ?? 1) * 2}xlarge`;
  const next: Readonly<Record<string, string>> = {
    micro: "small",
    small: "medium",
    medium: "large",
    large: "xlarge",
  };
  return `${family}.${next[size] ?? "LARGER"}`;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-setting-capacity.html */
export function raiseServerlessCapacity(view: View): readonly ProposedAction[] {
  const cluster = view.evidence.context?.topology?.cluster ?? null;
  const { minAcu = null, maxAcu = null } = cluster?.serverless ?? {};
  if (cluster === null || maxAcu === null) return [];
  const wanted = Math.min(256, maxAcu * 2);
  return [
    proposeManual({
      id: "scale-serverless-capacity",
      spec: ["A21"],
      risk: "safe",
      preview: `aws rds modify-db-cluster --db-cluster-identifier ${cluster.id} --serverless-v2-scaling-configuration MinCapacity=${minAcu ?? 0.5},MaxCapacity=${wanted} --apply-immediately`,
      describes: `raise the largest capacity of ${cluster.id} from ${maxAcu} to ${wanted} ACU`,
      consequence:
        "No downtime; may cost more. max_connections does not grow before each instance is rebooted.",
    }),
  ];
}

/** A parameter is changed in its group, for everything that uses the group; never in a default one. */
export function changeParameter(
  view: View,
  change: { readonly id: string; readonly spec: string; readonly name: string; readonly value: string },
  consequence: string,
): ProposedAction {
  const group = selfOf(view)?.parameterGroups[0]?.name ?? "PARAMETER-GROUP";
  return proposeManual({
    id: change.id,
    spec: [change.spec],
    risk: "disruptive",
    preview: `aws rds modify-db-parameter-group --db-parameter-group-name ${group} --parameters ParameterName=${change.name},ParameterValue=${change.value},ApplyMethod=immediate`,
    describes: `set ${change.name} to ${change.value} in the parameter group ${group}`,
    consequence: `${consequence} It changes every database that uses the group${group.startsWith("default.") ? "; a default group cannot be changed, make a copy first" : ""}.`,
  });
}

export function rebootInstance({ evidence: { target } }: View): readonly ProposedAction[] {
  if (target.flavour === "self-managed") return [];
  return [
    proposeManual({
      id: "reboot-instance",
      spec: ["A26"],
      risk: "disruptive",
      preview: `aws rds reboot-db-instance --db-instance-identifier ${target.name}`,
      describes: `restart ${target.name} so that the new values count`,
      consequence:
        "Every connection is cut, a minute or so of downtime, longer with a large transaction open. At a quiet time.",
    }),
  ];
}

/** Named after the minute of the evidence, so that it can be told from earlier ones. */
export function takeSnapshot(
  { evidence: { target, collectedAt } }: View,
  retentionDays: number | null,
): ProposedAction {
  const cluster = target.clusterId;
  const now = collectedAt.slice(0, 16).replaceAll(/[^0-9]/g, "");
  return proposeManual({
    id: "take-snapshot",
    spec: ["A27"],
    risk: "safe",
    preview:
      cluster === null
        ? `aws rds create-db-snapshot --db-instance-identifier ${target.name} --db-snapshot-identifier ${target.name}-${now}`
        : `aws rds create-db-cluster-snapshot --db-cluster-identifier ${cluster} --db-cluster-snapshot-identifier ${cluster}-${now}`,
    describes: `a snapshot of ${cluster ?? target.name} now`,
    consequence: `Reads the whole volume; on a single-AZ instance I/O pauses for a moment.${retentionDays === 0 ? " Automated backups stay off until their retention is set." : ""}`,
  });
}
