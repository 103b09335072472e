import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { ResponderFunction } from "../node-function.ts";
import { grantIncidents, grantSettings, grantSlack, type LambdaContext } from "./lambda-context.ts";

/** Says that the responder itself failed, and frees the database group for the next alarm. */
export class GiveUpFunction extends ResponderFunction {
  constructor(scope: Construct, id: string, context: LambdaContext) {
    super(scope, id, {
      handler: "give-up",
      description: "Tells that the workflow failed",
      timeout: Duration.seconds(45),
      environment: {},
    });
    grantIncidents(context, this, "GetItem", "PutItem", "DeleteItem");
    grantSettings(context, this);
    grantSlack(context, this);
  }
}
