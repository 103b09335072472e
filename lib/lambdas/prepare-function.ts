import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { ResponderFunction } from "../node-function.ts";
import { grantIncidents, grantSettings, type LambdaContext } from "./lambda-context.ts";

/** Says what is to be looked at, and with which settings. */
export class PrepareFunction extends ResponderFunction {
  constructor(scope: Construct, id: string, context: LambdaContext) {
    super(scope, id, {
      handler: "prepare",
      description: "Reads the incident and the settings for one look",
      timeout: Duration.seconds(15),
      environment: {},
    });
    grantIncidents(context, this, "GetItem");
    grantSettings(context, this);
  }
}
