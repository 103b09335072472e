import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { ResponderFunction } from "../node-function.ts";
import { grantSignIn, type LambdaContext, reservedFor } from "./lambda-context.ts";

/** Looks inside databases of one engine: one connection, read-only. Reaches the databases and nothing else. */
export class ProbeFunction extends ResponderFunction {
  constructor(scope: Construct, id: string, engine: "postgres" | "mysql", context: LambdaContext) {
    super(scope, id, {
      handler: `probe-${engine}`,
      description: `Looks inside a ${engine} database, read-only`,
      timeout: Duration.seconds(25),
      memorySize: 1024,
      environment: {},
      placement: context.placement,
      // Many alarms in one moment must not become a connection storm of our own.
      ...reservedFor(context, "probe"),
    });
    grantSignIn(this, context.signIns.probe, context.keys);
  }
}
