import { Stack } from "aws-cdk-lib";
import type { Settings } from "../../functions/core/settings.ts";
import { accept } from "../accept-finding.ts";
import type { ResponderFunction } from "../node-function.ts";
import { allow, grantUnrestricted } from "./lambda-context.ts";

type Name = Settings["failover"]["databases"][string]["names"][number];

/** The names that a failover moves: exactly those that the settings of this deployment name, each with its calls. */
export function grantNames(fn: ResponderFunction, { failover }: Settings): void {
  const names = Object.values(failover.databases).flatMap((database) => database.names);
  for (const kind of ["route53", "secret", "parameter", "proxy"] as const) {
    const resources = [...new Set(names.filter((name) => name.kind === kind).map((name) => arnOf(fn, name)))];
    if (resources.length > 0) allow(fn, calls[kind], resources);
  }
  if (names.some(({ kind }) => kind === "route53")) ownChanges(fn);
  if (names.some(({ kind }) => kind === "proxy")) anyProxy(fn);
  if (names.some(({ kind }) => kind === "parameter")) {
    const listed = "Of what type and tier a parameter is only the list of all of them tells.";
    grantUnrestricted(fn, ["ssm:DescribeParameters"], listed);
  }
}

const calls: Readonly<Record<Name["kind"], readonly string[]>> = {
  route53: ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"],
  secret: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
  parameter: ["ssm:GetParameter", "ssm:PutParameter"],
  // Of what else these ask for, see anyProxy.
  proxy: ["rds:DeregisterDBProxyTargets", "rds:DescribeDBProxyTargets", "rds:RegisterDBProxyTargets"],
};

function arnOf(fn: ResponderFunction, name: Name): string {
  const { account, region, partition } = Stack.of(fn);
  switch (name.kind) {
    case "route53":
      return `arn:${partition}:route53:::hostedzone/${name.zoneId}`;
    case "secret":
      return name.secretId.startsWith("arn:")
        ? name.secretId
        : `arn:${partition}:secretsmanager:${region}:${account}:secret:${name.secretId}-??????`;
    case "parameter":
      return `arn:${partition}:ssm:${region}:${account}:parameter/${name.name.replace(/^\//, "")}`;
    case "proxy":
      return `arn:${partition}:rds:${region}:${account}:target-group:*`;
    default:
      return name satisfies never;
  }
}

/** Whether a change has reached every name server. */
function ownChanges(fn: ResponderFunction): void {
  const resource = `arn:${Stack.of(fn).partition}:route53:::change/*`;
  allow(fn, ["route53:GetChange"], [resource]);
  acceptAny(
    fn,
    "arn:<AWS::Partition>:route53:::change/*",
    "A change has its id when it is made, not before.",
  );
}

/**
 * By name a proxy is nobody's: its ARN holds a generated id. Beside its target group AWS asks for the proxy and, where
 * a target leaves, for what it was.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
 */
function anyProxy(fn: ResponderFunction): void {
  const { account, region, partition } = Stack.of(fn);
  const arns = (kinds: readonly string[]) =>
    kinds.map((kind) => `arn:${partition}:rds:${region}:${account}:${kind}:*`);
  allow(fn, ["rds:DescribeDBProxyTargets"], arns(["db-proxy"]));
  allow(fn, ["rds:DeregisterDBProxyTargets"], arns(["db-proxy", "cluster", "db"]));
  for (const kind of ["target-group", "db-proxy", "cluster", "db"])
    acceptAny(
      fn,
      `arn:<AWS::Partition>:rds:<AWS::Region>:<AWS::AccountId>:${kind}:*`,
      "The ARN of a proxy holds an id that nobody writes down; only those of named proxies are called.",
    );
}

function acceptAny(fn: ResponderFunction, resource: string, why: string): void {
  if (fn.role !== undefined) accept(fn.role, `AwsSolutions-IAM5[Resource::${resource}]`, why);
}
