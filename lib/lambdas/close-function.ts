import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { ResponderFunction } from "../node-function.ts";
import { grantIncidents, grantSettings, grantSlack, type LambdaContext } from "./lambda-context.ts";

/** Last message of an incident; frees its database group. */
export class CloseFunction extends ResponderFunction {
  constructor(scope: Construct, id: string, context: LambdaContext) {
    super(scope, id, {
      handler: "close",
      description: "Ends an incident",
      timeout: Duration.seconds(45),
      environment: {},
    });
    grantIncidents(context, this, "GetItem", "PutItem", "DeleteItem");
    grantSettings(context, this);
    grantSlack(context, this);
  }
}
