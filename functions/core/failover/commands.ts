import type { FailoverRun } from "../contract/failover.ts";
import { type FailoverInput, usualLagSeconds } from "../contract/failover-input.ts";
import type { NameRef } from "../contract/failover-topology.ts";
import type { Engine } from "../contract/target.ts";
import { inputNow } from "./force-of.ts";

/** What a person types next; each one line, ready to be pasted, with all that it was started with. */
export function again(
  { input, forcedAgain = [] }: Pick<FailoverRun, "input"> & Partial<Pick<FailoverRun, "forcedAgain">>,
  force: readonly string[] = [],
): string {
  const { database, candidate, kind, maxLagSeconds } = input;
  const options = [
    ...(candidate === undefined ? [] : [` --candidate ${candidate}`]),
    ...(kind === "planned" ? [" --planned"] : []),
    ...(maxLagSeconds === usualLagSeconds ? [] : [` --max-lag-seconds ${maxLagSeconds}`]),
    forceText(inputNow({ input, forcedAgain: [...forcedAgain, ...force] })),
  ];
  return `responder failover ${database} --reason "…"${options.join("")}`;
}

/** Without a name every one that can be. */
function forceText({ force }: Pick<FailoverInput, "force">): string {
  if (force === true) return " --force";
  return force === false ? "" : force.map((name) => ` --force ${name}`).join("");
}

/** Of what a name of RDS means nobody has the password but who types it. */
export function lookCommand(does: "diagnose" | "fix", engine: Engine, database: string): string {
  return `responder ${does} --url ${engine}://USER@ENDPOINT-OF-${database}/DATABASE`;
}

export function redriveCommand({ id }: Pick<FailoverRun, "id">): string {
  return `responder failover --redrive ${id}`;
}

/**
 * With what is to be overridden this time, and what the redrive before named beside it: by one name alone it would end where
 * that one began. Whom a primary serves need not be fenced by what is printed.
 */
export function redriveForced(
  run: Pick<FailoverRun, "id" | "forcedAgain">,
  ...names: readonly string[]
): string {
  const before = run.forcedAgain.filter((name) => name !== "primary-alive");
  const force = [...new Set([...before, ...names])].map((name) => ` --force ${name}`);
  return `${redriveCommand(run)}${force.join("")}`;
}

/** Of that command, where it says again what was said in view of an earlier hour. */
export function carriedText({ forcedAgain, oldPrimary, input }: FailoverRun): string {
  if (!forcedAgain.includes("old-primary-unfenced")) return "";
  return ` It gives up once more what ${oldPrimary ?? input.database} took, whatever that took since.`;
}

/** Takes off the fence that a run left, and does nothing else. */
export function giveBackCommand({ id }: Pick<FailoverRun, "id">): string {
  return `responder failover --give-back ${id}`;
}

export function showCommand(id: string): string {
  return `responder failover --show ${id} --table TABLE`;
}

/** Ends what a run watches for. */
export function goneCommand({ id }: Pick<FailoverRun, "id">): string {
  return `responder failover --gone ${id} --table TABLE`;
}

export function describeCommand(node: string): string {
  return node.includes(":cluster:")
    ? `aws rds describe-db-clusters --db-cluster-identifier ${named(node)}`
    : `aws rds describe-db-instances --db-instance-identifier ${named(node)}`;
}

/** Whatever it is called by now. */
export function resourceCommand(resource: string): string {
  return `aws rds describe-db-instances --filters Name=dbi-resource-id,Values=${resource}`;
}

/** What there is by any name. */
export const listCommand =
  "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,DBClusterIdentifier,DbiResourceId]' --output text";

/** Shows whom its call was for, or whom it was to leave: by the resource, where RDS told that. */
export function whereCommand(run: FailoverRun): string {
  const { sent, candidate, candidateResource, oldResource, oldPrimary, input } = run;
  const called = sent["execute"] !== undefined;
  const resource = called ? candidateResource : oldResource;
  if (resource !== null) return resourceCommand(resource);
  return describeCommand((called ? candidate : oldPrimary) ?? input.database);
}

/** What RDS of another Region is asked there. */
export function named(node: string): string {
  const [arn, , , region, , , id] = node.split(":");
  return arn === "arn" && id !== undefined ? `${id} --region ${region}` : node;
}

export function unwallCommand(node: string, groups: readonly string[]): string {
  return `aws rds modify-db-instance --db-instance-identifier ${named(node)} --vpc-security-group-ids ${groups.join(" ")} --apply-immediately`;
}

/** Keeps clients off it, those that are on it included; for a person. */
export function shutCommand(node: string, group: string | null): string {
  if (group === null || node.startsWith("arn:")) return `(keep clients off ${node} by hand)`;
  return `${unwallCommand(node, [group])} && aws rds reboot-db-instance --db-instance-identifier ${node}`;
}

export function pointCommand(name: NameRef, to: string): string {
  switch (name.kind) {
    case "route53":
      return `aws route53 change-resource-record-sets --hosted-zone-id ${name.zoneId} (record ${name.record} → endpoint of ${to})`;
    case "secret":
      return `aws secretsmanager put-secret-value --secret-id ${name.secretId} (host → endpoint of ${to})`;
    case "parameter":
      return `aws ssm put-parameter --overwrite --name ${name.name} --value (endpoint of ${to})`;
    case "proxy":
      return `aws rds register-db-proxy-targets --db-proxy-name ${name.proxy} --target-group-name ${name.targetGroup} --db-instance-identifiers ${to}`;
    default:
      return name satisfies never;
  }
}

export function nameText(name: NameRef): string {
  switch (name.kind) {
    case "route53":
      return `record ${name.record}`;
    case "secret":
      return `secret ${name.secretId}`;
    case "parameter":
      return `parameter ${name.name}`;
    case "proxy":
      return `proxy ${name.proxy}`;
    default:
      return name satisfies never;
  }
}

/** Beside it, as late as its backups reach. */
export function restoreCommand(id: string): string {
  return `aws rds restore-db-instance-to-point-in-time --source-db-instance-identifier ${id} --target-db-instance-identifier ${id}-restored --use-latest-restorable-time`;
}
