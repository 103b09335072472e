import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { ResponderFunction } from "../node-function.ts";
import { grantIncidents, grantSettings, grantSlack, type LambdaContext } from "./lambda-context.ts";

/** Brings the channel up to date with the incident. */
export class AnnounceFunction extends ResponderFunction {
  constructor(scope: Construct, id: string, context: LambdaContext) {
    super(scope, id, {
      handler: "announce",
      description: "Posts and edits the messages of an incident",
      timeout: Duration.seconds(45),
      environment: {},
    });
    grantIncidents(context, this, "GetItem", "PutItem");
    grantSettings(context, this);
    grantSlack(context, this);
  }
}
