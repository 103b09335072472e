import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { contextSources } from "../../functions/core/context/catalogue.ts";
import { ResponderFunction } from "../node-function.ts";
import { grantUnrestricted } from "./lambda-context.ts";

/** Looks from outside: metrics, topology, events, logs, load, backups, recent changes. Reads only. */
export class CollectFunction extends ResponderFunction {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      handler: "collect",
      description: "Reads metrics and RDS context of the database",
      timeout: Duration.seconds(15),
      // Processing power comes with memory, and its start stands in the way of the first message.
      memorySize: 1024,
      environment: {},
    });
    grantUnrestricted(
      this,
      contextSources.flatMap((source) => source.calls),
      "Reads only, of whatever database an alarm names; metrics and CloudTrail have no resource to name.",
    );
  }
}
