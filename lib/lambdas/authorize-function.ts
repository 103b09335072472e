import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { ResponderFunction } from "../node-function.ts";
import { allow, grantIncidents, grantSettings, type LambdaContext } from "./lambda-context.ts";

/** The gate: the only function that issues an order to act, and the only one that asks the kill switch. */
export class AuthorizeFunction extends ResponderFunction {
  constructor(scope: Construct, id: string, context: LambdaContext) {
    const { killSwitch } = context.storage;
    super(scope, id, {
      handler: "authorize",
      description: "Decides whether an action may happen now, and writes the order",
      timeout: Duration.seconds(15),
      environment: { KILL_SWITCH_PARAMETER: killSwitch.parameterName },
    });
    grantIncidents(context, this, "GetItem", "PutItem");
    grantSettings(context, this);
    allow(this, ["ssm:GetParameter"], [killSwitch.parameterArn]);
  }
}
