import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { accept } from "../accept-finding.ts";
import { ResponderFunction } from "../node-function.ts";
import { grantIncidents, grantSettings, type LambdaContext } from "./lambda-context.ts";

/**
 * Takes up every open incident whose execution has died, and reads the settings every few minutes: nobody else does while
 * all is well. Speaks to nobody.
 */
export class SweepFunction extends ResponderFunction {
  constructor(scope: Construct, id: string, context: LambdaContext) {
    super(scope, id, {
      handler: "sweep",
      description: "Takes up incidents whose execution has died",
      timeout: Duration.seconds(60),
      environment: {},
    });
    grantIncidents(context, this, "GetItem", "Query", "PutItem", "DeleteItem");
    grantSettings(context, this);
    const again = "The next sweep comes in two minutes, and does what this one could not.";
    accept(this, "Serverless-LambdaDLQ", again);
    accept(this, "Serverless-LambdaAsyncFailureDestination", again);
  }
}
