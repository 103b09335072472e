import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { ResponderFunction } from "../node-function.ts";
import { grantSignIn, type LambdaContext } from "./lambda-context.ts";

/** Carries out one order on one database. Has no other permission than to sign in as the acting user. */
export class ActDbFunction extends ResponderFunction {
  constructor(scope: Construct, id: string, { placement, signIns }: LambdaContext) {
    super(scope, id, {
      handler: "act-db",
      description: "Carries out one permitted action on a database",
      timeout: Duration.seconds(60),
      environment: {},
      placement,
      reservedConcurrentExecutions: 5,
    });
    grantSignIn(this, signIns.act);
  }
}
