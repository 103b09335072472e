import { ArnFormat, Duration, Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { madePrefix, madeTag } from "../../functions/core/actions/aws/made.ts";
import { awsActions } from "../../functions/core/actions/aws-index.ts";
import { changeTag } from "../../functions/core/policy/opt-in.ts";
import type { ScheduleSettings } from "../../functions/core/schedule-settings.ts";
import type { RdsOperation } from "../../functions/core/text/aws-call.ts";
import { accept } from "../accept-finding.ts";
import { failoverMachineName } from "../failover-workflow.ts";
import { ResponderFunction } from "../node-function.ts";
import { grantSchedule } from "./grant-schedule.ts";
import { allow, grantStorageKeys, grantUnrestricted } from "./lambda-context.ts";

interface Work {
  /** Its owner has tagged this one. */
  readonly on?: string;
  /** What the call makes has no tags before it is there: it is known by how its name begins. */
  readonly makes?: readonly string[];
  /** What it uses of the account, and leaves as it is. */
  readonly uses?: readonly string[];
  /** Only what the responder has made itself, by name and tag. */
  readonly ownOnly?: string;
}

const placed = ["og:*", "pg:*", "subgrp:*"];

/**
 * On what each call works.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
 */
const works: Readonly<Partial<Record<RdsOperation, Work>>> = {
  ModifyDBInstance: { on: "db", uses: ["pg:*"] },
  RebootDBInstance: { on: "db" },
  CreateDBSnapshot: { on: "db", makes: ["snapshot:*"] },
  ModifyDBParameterGroup: { on: "pg", ownOnly: "pg" },
  CreateDBParameterGroup: { makes: [`pg:${madePrefix}*`] },
  CopyDBParameterGroup: { makes: [`pg:${madePrefix}*`], uses: ["pg:*"] },
  ModifyDBClusterParameterGroup: { on: "cluster-pg", ownOnly: "cluster-pg" },
  CreateDBClusterParameterGroup: { makes: [`cluster-pg:${madePrefix}*`] },
  CopyDBClusterParameterGroup: { makes: [`cluster-pg:${madePrefix}*`], uses: ["cluster-pg:*"] },
  ModifyDBCluster: { on: "cluster", uses: ["cluster-pg:*"] },
  RebootDBCluster: { on: "cluster" },
  CreateDBClusterSnapshot: { on: "cluster", makes: ["cluster-snapshot:*"] },
  CreateDBInstanceReadReplica: { on: "db", makes: [`db:${madePrefix}*`], uses: placed },
  // A copy of a cluster is the responder's own, and has its owner's tag not yet.
  CreateDBInstance: {
    on: "cluster",
    makes: [`db:${madePrefix}*`, `cluster:${madePrefix}*`],
    uses: placed,
  },
  RestoreDBInstanceToPointInTime: { on: "db", makes: [`db:${madePrefix}*`], uses: placed },
  RestoreDBClusterToPointInTime: {
    on: "cluster",
    makes: [`cluster:${madePrefix}*`],
    uses: ["cluster-pg:*", "og:*", "subgrp:*"],
  },
  DeleteDBInstance: { ownOnly: "db" },
  ModifyDBProxyTargetGroup: { on: "target-group" },
};

export interface ActAwsFunctionProps {
  readonly webhookSecretArn: string | null;
  readonly storageKeys: readonly string[];
  /** What of EventBridge may be paused, by name alone. */
  readonly schedules: readonly ScheduleSettings[];
}

/** Changes databases on AWS: only by the calls of the actions, and only those whose owner has tagged them for it. */
export class ActAwsFunction extends ResponderFunction {
  constructor(
    scope: Construct,
    id: string,
    { webhookSecretArn, storageKeys, schedules }: ActAwsFunctionProps,
  ) {
    super(scope, id, {
      handler: "act-aws",
      description: "Carries out one permitted change of a database on AWS",
      timeout: Duration.seconds(60),
      environment: {},
    });
    grantUnrestricted(
      this,
      [
        "cloudtrail:LookupEvents",
        "cloudwatch:GetMetricData",
        "rds:DescribeDBClusterParameterGroups",
        "rds:DescribeDBClusterParameters",
        "rds:DescribeDBClusters",
        "rds:DescribeDBClusterSnapshots",
        "rds:DescribeDBInstances",
        "rds:DescribeDBProxyTargetGroups",
        "rds:DescribeDBProxyTargets",
        "rds:DescribeDBParameterGroups",
        "rds:DescribeDBParameters",
        "rds:DescribeDBSnapshots",
        "rds:DescribeEvents",
        "rds:DescribeOrderableDBInstanceOptions",
        "rds:DescribeValidDBInstanceModifications",
      ],
      "Reads only, of whatever database an order names.",
    );
    if (webhookSecretArn !== null) allow(this, ["secretsmanager:GetSecretValue"], [webhookSecretArn]);
    grantStorageKeys(this, storageKeys);
    for (const schedule of schedules) grantSchedule(this, schedule);
    this.mayFailOver();
    for (const operation of new Set(awsActions.flatMap(({ calls }) => calls))) this.allowCall(operation);
    // Tags that are given in the call that makes something need a permission of their own.
    for (const kind of ["db", "cluster", "pg", "cluster-pg"])
      this.allowOn("rds:AddTagsToResource", `${kind}:${madePrefix}*`, {});
    // Whose a group is, its tag tells; of the group of before only its values are asked.
    for (const kind of ["pg", "cluster-pg"]) this.allowOn("rds:ListTagsForResource", `${kind}:*`, {});
  }

  /** After a click on its card (A31). By name: the machine's function asks others of this stack. */
  private mayFailOver(): void {
    const arn = (resource: string, resourceName: string) =>
      Stack.of(this).formatArn({
        ...{ service: "states", resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME },
      });
    const machine = arn("stateMachine", failoverMachineName(this));
    const executions = arn("execution", `${failoverMachineName(this)}:*`);
    allow(this, ["states:StartExecution"], [machine]);
    allow(this, ["states:DescribeExecution"], [executions]);
    this.addEnvironment("FAILOVER_MACHINE_ARN", machine);
    if (this.role === undefined) return;
    const named = `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${failoverMachineName(this)}:*`;
    accept(
      this.role,
      `AwsSolutions-IAM5[Resource::${named}]`,
      "An execution is named by the card that started it.",
    );
  }

  private allowCall(operation: RdsOperation): void {
    const work = works[operation];
    if (work === undefined) throw new Error(`on what ${operation} works is not in the table`);
    const action = `rds:${operation}`;
    const owner = { StringEquals: { [`aws:ResourceTag/${changeTag.key}`]: changeTag.value } };
    if (work.on !== undefined) this.allowOn(action, `${work.on}:*`, owner);
    for (const kind of [...(work.makes ?? []), ...(work.uses ?? [])]) this.allowOn(action, kind, {});
    if (work.ownOnly === undefined) return;
    const own = { StringLike: { [`aws:ResourceTag/${madeTag}`]: "*" } };
    this.allowOn(action, `${work.ownOnly}:${madePrefix}*`, own);
  }

  private allowOn(
    action: string,
    kind: string,
    conditions: Readonly<Record<string, Readonly<Record<string, string>>>>,
  ): void {
    const { account, region, partition } = Stack.of(this);
    this.addToRolePolicy(
      new PolicyStatement({
        actions: [action],
        resources: [`arn:${partition}:rds:${region}:${account}:${kind}`],
        conditions,
      }),
    );
    if (this.role === undefined) return;
    const resource = `arn:<AWS::Partition>:rds:<AWS::Region>:<AWS::AccountId>:${kind}`;
    accept(
      this.role,
      `AwsSolutions-IAM5[Resource::${resource}]`,
      "Which databases an alarm will name is not known here; the tag decides which of them may be changed.",
    );
  }
}
