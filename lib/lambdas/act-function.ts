import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { ResponderFunction } from "../node-function.ts";
import { grantSignIn, type LambdaContext, reservedFor } from "./lambda-context.ts";

/** Carries out one order on a database of one engine. May do nothing but sign in as the acting user. */
export class ActFunction extends ResponderFunction {
  constructor(scope: Construct, id: string, engine: "postgres" | "mysql", context: LambdaContext) {
    super(scope, id, {
      handler: `act-${engine}`,
      description: `Carries out one permitted action on a ${engine} database`,
      timeout: Duration.seconds(60),
      environment: {},
      placement: context.placement,
      ...reservedFor(context, "act"),
    });
    grantSignIn(this, context.signIns.act, context.keys);
  }
}
