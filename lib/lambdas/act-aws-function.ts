import { Duration, Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { awsActions } from "../../functions/core/actions/aws-index.ts";
import { changeTag } from "../../functions/core/policy/opt-in.ts";
import type { RdsOperation } from "../../functions/core/text/aws-call.ts";
import { accept } from "../accept-finding.ts";
import { ResponderFunction } from "../node-function.ts";
import { allow, grantUnrestricted } from "./lambda-context.ts";

/**
 * On what each call works, and what it makes: a snapshot has no tags before it is there.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
 */
const works: Readonly<Partial<Record<RdsOperation, { readonly on: string; readonly makes?: string }>>> = {
  ModifyDBInstance: { on: "db" },
  RebootDBInstance: { on: "db" },
  CreateDBSnapshot: { on: "db", makes: "snapshot" },
  ModifyDBParameterGroup: { on: "pg" },
  ModifyDBClusterParameterGroup: { on: "cluster-pg" },
  ModifyDBCluster: { on: "cluster" },
  RebootDBCluster: { on: "cluster" },
  CreateDBClusterSnapshot: { on: "cluster", makes: "cluster-snapshot" },
};

/** Changes databases on AWS: only by the calls of the actions, and only those whose owner has tagged them for it. */
export class ActAwsFunction extends ResponderFunction {
  constructor(scope: Construct, id: string, webhookSecretArn: string | null) {
    super(scope, id, {
      handler: "act-aws",
      description: "Carries out one permitted change of a database on AWS",
      timeout: Duration.seconds(60),
      environment: {},
    });
    grantUnrestricted(
      this,
      [
        "rds:DescribeDBClusterParameters",
        "rds:DescribeDBClusters",
        "rds:DescribeDBClusterSnapshots",
        "rds:DescribeDBInstances",
        "rds:DescribeDBParameters",
        "rds:DescribeDBSnapshots",
        "rds:DescribeEvents",
        "rds:DescribeOrderableDBInstanceOptions",
        "rds:DescribeValidDBInstanceModifications",
      ],
      "Reads only, of whatever database an order names.",
    );
    if (webhookSecretArn !== null) allow(this, ["secretsmanager:GetSecretValue"], [webhookSecretArn]);
    for (const operation of new Set(awsActions.flatMap(({ calls }) => calls))) this.allowCall(operation);
  }

  private allowCall(operation: RdsOperation): void {
    const work = works[operation];
    if (work === undefined) throw new Error(`on what ${operation} works is not in the table`);
    this.allowOn(operation, work.on, {
      StringEquals: { [`aws:ResourceTag/${changeTag.key}`]: changeTag.value },
    });
    if (work.makes !== undefined) this.allowOn(operation, work.makes, {});
  }

  private allowOn(
    operation: RdsOperation,
    kind: string,
    conditions: Readonly<Record<string, Readonly<Record<string, string>>>>,
  ): void {
    const { account, region, partition } = Stack.of(this);
    this.addToRolePolicy(
      new PolicyStatement({
        actions: [`rds:${operation}`],
        resources: [`arn:${partition}:rds:${region}:${account}:${kind}:*`],
        conditions,
      }),
    );
    if (this.role === undefined) return;
    const resource = `arn:<AWS::Partition>:rds:<AWS::Region>:<AWS::AccountId>:${kind}:*`;
    accept(
      this.role,
      `AwsSolutions-IAM5[Resource::${resource}]`,
      "Which databases an alarm will name is not known here; the tag decides which of them may be changed.",
    );
  }
}
