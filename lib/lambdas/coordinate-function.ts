import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { ResponderFunction } from "../node-function.ts";
import { allow, grantIncidents, grantSettings, grantSlack, type LambdaContext } from "./lambda-context.ts";

/**
 * Every step that decides or speaks: prepare, announce, ask, authorize (the gate), record, close, give up.
 * One function, so that an incident at night pays for one cold start and not for seven; the diagnosis is the other.
 */
export class CoordinateFunction extends ResponderFunction {
  constructor(scope: Construct, id: string, context: LambdaContext) {
    const { killSwitch } = context.storage;
    super(scope, id, {
      handler: "coordinate",
      description: "Decides and speaks: gate, messages",
      timeout: Duration.seconds(50),
      // Processing power comes with memory, and people wait for the first message.
      memorySize: 1024,
      environment: {
        KILL_SWITCH_PARAMETER: killSwitch.parameterName,
      },
    });
    grantIncidents(context, this, "GetItem", "Query", "PutItem", "DeleteItem", "ConditionCheckItem");
    grantSettings(context, this);
    grantSlack(context, this);
    allow(this, ["ssm:GetParameter"], [killSwitch.parameterArn]);
  }
}
