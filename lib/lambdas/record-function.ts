import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { ResponderFunction } from "../node-function.ts";
import { grantIncidents, grantSettings, type LambdaContext } from "./lambda-context.ts";

/** Writes what an action did to the audit trail and the incident. */
export class RecordFunction extends ResponderFunction {
  constructor(scope: Construct, id: string, context: LambdaContext) {
    super(scope, id, {
      handler: "record",
      description: "Records the outcome of an action",
      timeout: Duration.seconds(15),
      environment: {},
    });
    grantIncidents(context, this, "GetItem", "PutItem");
    grantSettings(context, this);
  }
}
