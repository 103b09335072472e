import { Duration } from "aws-cdk-lib";
import { type FunctionUrl, FunctionUrlAuthType } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { accept } from "../accept-finding.ts";
import { ResponderFunction } from "../node-function.ts";
import {
  grantAnyOf,
  grantIncidents,
  grantSettings,
  grantSlack,
  type LambdaContext,
  reservedFor,
} from "./lambda-context.ts";

/** Where Slack sends clicks. Open to the internet: the signature is the sign-in, and is checked first. */
export class InteractionFunction extends ResponderFunction {
  readonly url: FunctionUrl;

  constructor(scope: Construct, id: string, context: LambdaContext) {
    super(scope, id, {
      handler: "interaction",
      description: "Takes clicks on Slack buttons, and /db",
      timeout: Duration.seconds(10),
      // Slack waits three seconds; processing power comes with memory.
      memorySize: 1024,
      environment: {},
      // Strangers who call the URL must not use up the account's concurrency.
      ...reservedFor(context, "interaction"),
    });
    grantIncidents(context, this, "GetItem", "PutItem", "Query");
    grantSettings(context, this);
    const named = "Whoever types /db may name any database of the account.";
    grantAnyOf(this, "rds:DescribeDBInstances", "db:*", named);
    grantAnyOf(this, "rds:DescribeDBClusters", "cluster:*", named);
    grantSlack(context, this);
    this.url = this.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
    const synchronous = "Invoked synchronously by Slack, which shows the person when it fails.";
    accept(this, "Serverless-LambdaDLQ", synchronous);
    accept(this, "Serverless-LambdaAsyncFailureDestination", synchronous);
  }
}
