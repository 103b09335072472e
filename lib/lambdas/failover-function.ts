import { Duration, Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { madePrefix } from "../../functions/core/actions/aws/made.ts";
import { changeTag } from "../../functions/core/policy/opt-in.ts";
import type { Settings } from "../../functions/core/settings.ts";
import { accept } from "../accept-finding.ts";
import { ResponderFunction } from "../node-function.ts";
import { grantNames } from "./grant-names.ts";
import {
  allow,
  grantIncidents,
  grantSettings,
  grantSlack,
  grantStorageKeys,
  grantUnrestricted,
  type LambdaContext,
} from "./lambda-context.ts";

interface Change {
  readonly tagged: readonly string[];
  readonly named?: readonly string[];
  /** Also on replicas of other Regions and the clusters of a global database: those are what it promotes there. */
  readonly everyRegion?: true;
}

/**
 * What each call changes, and what it makes or only names: that has no tag of ours. A new replica gets its source's tags,
 * the change tag among them, so no condition on tags can hold for it: by its name it is none but what the responder makes.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
 */
const changes: Readonly<Record<string, Change>> = {
  AddTagsToResource: { tagged: ["db"], named: [`db:${madePrefix}*`], everyRegion: true },
  CreateDBInstanceReadReplica: {
    ...{ tagged: ["db"], named: [`db:${madePrefix}*`, "og:*", "pg:*", "subgrp:*"], everyRegion: true },
  },
  FailoverDBCluster: { tagged: ["cluster"] },
  FailoverGlobalCluster: { tagged: ["cluster", "global-cluster"], everyRegion: true },
  ModifyDBInstance: { tagged: ["db"] },
  PromoteReadReplica: { tagged: ["db"], everyRegion: true },
  RebootDBInstance: { tagged: ["db"] },
  SwitchoverGlobalCluster: { tagged: ["cluster", "global-cluster"], everyRegion: true },
};

export interface FailoverFunctionProps extends LambdaContext {
  readonly settings: Settings;
  /** In the VPC: whom it asks to look at a node, and to fence one. */
  readonly doors: Readonly<
    Record<"PROBE_POSTGRES" | "PROBE_MYSQL" | "ACT_POSTGRES" | "ACT_MYSQL", IFunction>
  >;
}

/** Drives every failover. Changes what carries the owner's tag, and the names that the settings of this deployment name. */
export class FailoverFunction extends ResponderFunction {
  constructor(scope: Construct, id: string, props: FailoverFunctionProps) {
    const { killSwitch } = props.storage;
    super(scope, id, {
      handler: "failover",
      description: "Drives failovers: looks, decides, calls, tells",
      // One look, forty seconds of going on, one more look and one more call.
      timeout: Duration.seconds(140),
      memorySize: 1024,
      environment: { KILL_SWITCH_PARAMETER: killSwitch.parameterName },
    });
    grantIncidents(props, this, "GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query");
    grantSettings(props, this);
    grantSlack(props, this);
    allow(this, ["ssm:GetParameter"], [killSwitch.parameterArn]);
    grantUnrestricted(
      this,
      [
        "cloudwatch:GetMetricData",
        "rds:DescribeBlueGreenDeployments",
        "rds:DescribeDBClusters",
        "rds:DescribeDBInstances",
        "rds:DescribeEvents",
        "rds:DescribeGlobalClusters",
      ],
      "Reads only, of whatever database a failover names; metrics have no resource to name.",
    );
    for (const [call, on] of Object.entries(changes)) this.allowCall(call, on);
    grantStorageKeys(this, props.storageKeys);
    grantNames(this, props.settings);
    for (const [name, fn] of Object.entries(props.doors)) this.mayAsk(name, fn);
  }

  /** By its name alone, without its versions: there are none. */
  private mayAsk(name: string, fn: IFunction): void {
    allow(this, ["lambda:InvokeFunction"], [fn.functionArn]);
    this.addEnvironment(`${name}_FUNCTION`, fn.functionName);
  }

  private allowCall(call: string, { tagged, named = [], everyRegion }: Change): void {
    const { account, region: own, partition } = Stack.of(this);
    const region = everyRegion ? "*" : own;
    const arn = (kind: string) =>
      kind.startsWith("global-cluster")
        ? `arn:${partition}:rds::${account}:${kind}`
        : `arn:${partition}:rds:${region}:${account}:${kind}`;
    const resources = tagged.map((kind) => arn(`${kind}:*`));
    const condition = { StringEquals: { [`aws:ResourceTag/${changeTag.key}`]: changeTag.value } };
    this.addToRolePolicy(new PolicyStatement({ actions: [`rds:${call}`], resources, conditions: condition }));
    if (named.length > 0) allow(this, [`rds:${call}`], named.map(arn));
    for (const kind of [...tagged.map((one) => `${one}:*`), ...named]) {
      const place = kind.startsWith("global-cluster") ? "" : everyRegion ? "*" : "<AWS::Region>";
      this.acceptAny(
        `arn:<AWS::Partition>:rds:${place}:<AWS::AccountId>:${kind}`,
        "Which databases a failover will name is not known here; the tag decides which of them may be changed.",
      );
    }
  }

  private acceptAny(resource: string, why: string): void {
    if (this.role !== undefined) accept(this.role, `AwsSolutions-IAM5[Resource::${resource}]`, why);
  }
}
