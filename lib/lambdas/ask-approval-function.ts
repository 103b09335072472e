import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { ResponderFunction } from "../node-function.ts";
import { grantIncidents, grantSettings, grantSlack, type LambdaContext } from "./lambda-context.ts";

/** Stores a request for one click, with the token that releases the machine, and asks in the channel. */
export class AskApprovalFunction extends ResponderFunction {
  constructor(scope: Construct, id: string, context: LambdaContext) {
    super(scope, id, {
      handler: "ask-approval",
      description: "Asks the channel for approval of one action",
      timeout: Duration.seconds(45),
      environment: {},
    });
    grantIncidents(context, this, "GetItem", "PutItem");
    grantSettings(context, this);
    grantSlack(context, this);
  }
}
