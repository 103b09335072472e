import { placed, placementOf } from "../../actions/aws/placement.ts";
import { takeSnapshotOffer } from "../../actions/aws/take-snapshot.ts";
import type { ProposedAction } from "../../contract/finding.ts";
import { apiEngine, clusterIdOf, runsServerless } from "../../facts/database-kind.ts";
import { selfOf } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import type { AwsCall, AwsWait, CallInput } from "../../text/aws-call.ts";
import { list } from "../../text/wording.ts";
import {
  type Asked,
  type AwsRemedy,
  askTable,
  callOf,
  offerCall,
  showCalls,
  withholdCall,
} from "./aws-proposal.ts";

/** Named after the hour of the evidence: told from earlier ones, and the same at the next look while people are asked. */
export function takeSnapshot(view: View, retentionDays: number | null): ProposedAction {
  const suffix = minuteOf(view).slice(0, 10);
  const remedy = {
    id: "take-snapshot",
    describes: `a snapshot of ${clusterIdOf(view) ?? view.evidence.target.name} now`,
    consequence: `Reads the whole volume; on a single-AZ instance I/O pauses for a moment.${retentionDays === 0 ? " Automated backups stay off until their retention is set." : ""}`,
  };
  const shown = snapshot(view, suffix, remedy);
  const asked = askTable(view, "snapshot");
  if (asked.is !== "call") return shown;
  const offering = {
    ...{ offer: takeSnapshotOffer, input: { of: asked.name, name: `${asked.name}-${suffix}` } },
    purpose: "snapshot",
  } as const;
  return offerCall(view, { ...remedy, spec: ["A27"], risk: "safe" }, offering, shown);
}

/** Before anybody repairs anything. */
export function keepAsFound(view: View): readonly ProposedAction[] {
  if (view.evidence.target.flavour === "self-managed") return [];
  return [
    snapshot(view, `as-found-${minuteOf(view)}`, {
      id: "snapshot-now",
      describes: `keep ${clusterIdOf(view) ?? view.evidence.target.name} as it is now, before anybody repairs anything`,
      consequence:
        "It copies the damage too: it is for taking back a repair that went wrong, not for going back to good data. Keep the automated backups from before from expiring.",
    }),
  ];
}

function snapshot(
  view: View,
  suffix: string,
  remedy: Pick<AwsRemedy, "id" | "describes" | "consequence">,
): ProposedAction {
  const whole = { ...remedy, spec: ["A27"], risk: "safe" } satisfies AwsRemedy;
  const asked = askTable(view, "snapshot");
  if (asked.is !== "call") return withholdCall(whole, asked.because);
  const name = asked.row.whose === "cluster" ? "DBClusterSnapshotIdentifier" : "DBSnapshotIdentifier";
  return showCalls(view, whole, [callOf(asked, { [name]: `${asked.name}-${suffix}` })]);
}

function minuteOf({ evidence: { collectedAt } }: View): string {
  return collectedAt.slice(0, 16).replaceAll(/[^0-9]/g, "");
}

/**
 * Always a new database; nothing is ever restored over the old one. `at`: ISO 8601, the moment to go back to; null
 * where nobody knows it yet, and no call is shown then.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html
 */
export function restoreElsewhere(view: View, at: string | null): readonly ProposedAction[] {
  const asked = askTable(view, "restore-to-time");
  if (asked.is === "none") return [];
  const remedy = {
    id: "restore-point-in-time",
    spec: ["A28"],
    risk: "safe",
    describes: `bring back a copy from ${at ?? "before"}, beside the damaged one`,
    consequence: `Makes a new database that costs as much as this one; nothing happens to this one. Compare there what is lost, and take it over by hand. ${liesText(view)}`,
  } satisfies AwsRemedy;
  if (asked.is === "unknown") return [withholdCall(remedy, asked.because)];
  const calls =
    at === null
      ? `the moment to go back to, before the first sign of damage, is not known here${windowText(view)}`
      : restoreCalls(view, asked, at);
  return [typeof calls === "string" ? withholdCall(remedy, calls) : showCalls(view, remedy, calls)];
}

function liesText(view: View): string {
  const like = placementOf(selfOf(view));
  return like === null
    ? "Its security groups are those that RDS has by default, since this one's could not be seen: look who reaches it before it is made. Its parameter group is the default one."
    : `It lies as this one, with ${list(like.securityGroupIds)}${like.isPublic ? " and a public address" : ""}: whoever reaches this one reaches it, too. Its parameter group is the default one.`;
}

function windowText({ evidence: { context } }: View): string {
  const cluster = context?.topology?.cluster ?? null;
  const from = cluster?.earliestRestorableAt ?? context?.backups?.restorableFrom ?? null;
  const to = cluster?.latestRestorableAt ?? context?.backups?.restorableTo ?? null;
  return from === null || to === null ? "" : `; any between ${from} and ${to} can be restored`;
}

/** The calls, or what is missing for them. */
function restoreCalls(
  view: View,
  asked: Extract<Asked, { is: "call" }>,
  at: string,
): readonly (AwsCall | AwsWait)[] | string {
  const like = placementOf(selfOf(view));
  const stamp = at.slice(0, 16).replaceAll(/[^0-9]/g, "");
  // 63 characters at most, with "-1" of the member, and no hyphen twice.
  const copy = `${asked.name.slice(0, 48).replace(/-+$/, "")}-${stamp}`;
  if (asked.row.whose === "instance") {
    const where = placed(like, "instance");
    return [callOf(asked, { TargetDBInstanceIdentifier: copy, RestoreTime: at, ...where })];
  }
  const add = askTable(view, "add-instance");
  const shape = shapeOfCluster(view, add.is === "call");
  if (typeof shape === "string") return shape;
  const where = placed(like, add.is === "call" ? "aurora-cluster" : "multi-az-cluster");
  const restore = callOf(asked, { DBClusterIdentifier: copy, RestoreToTime: at, ...shape, ...where });
  if (add.is !== "call") return [restore];
  const instanceClass = classOf(view);
  if (instanceClass === null) return "the class for the instance of the restored cluster could not be seen";
  return [
    restore,
    // Aurora restores the volume alone; without an instance nothing can be read from it, and RDS takes one only when
    // the cluster is there.
    { waitFor: "db-cluster-available", input: { DBClusterIdentifier: copy } },
    {
      operation: add.row.operation,
      input: {
        DBInstanceIdentifier: `${copy}-1`,
        [add.row.names]: copy,
        DBInstanceClass: instanceClass,
        Engine: apiEngine(view),
        ...placed(like, "aurora-member"),
      },
    },
  ];
}

/** What the new cluster has to be told about itself. */
function shapeOfCluster(view: View, aurora: boolean): CallInput | string {
  if (aurora) {
    if (!runsServerless(view)) return {};
    const { minAcu = null, maxAcu = null } = view.evidence.context?.topology?.cluster?.serverless ?? {};
    return minAcu === null || maxAcu === null
      ? "the capacity range of the cluster could not be seen"
      : { ServerlessV2ScalingConfiguration: { MinCapacity: minAcu, MaxCapacity: maxAcu } };
  }
  const instanceClass = classOf(view);
  return instanceClass === null
    ? "the class of the cluster's instances could not be seen"
    : { DBClusterInstanceClass: instanceClass };
}

function classOf(view: View): string | null {
  return selfOf(view)?.instanceClass ?? view.evidence.target.instanceClass;
}
