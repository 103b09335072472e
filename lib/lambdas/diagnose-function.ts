import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { accept, attributeOf } from "../accept-finding.ts";
import { ResponderFunction } from "../node-function.ts";
import { allow, grantIncidents, type LambdaContext } from "./lambda-context.ts";

/**
 * Every rule and remedy, and no way to people, databases or AWS. Apart from who speaks, because rules grow: both stay
 * small enough to start fast, and are woken up together.
 */
export class DiagnoseFunction extends ResponderFunction {
  constructor(scope: Construct, id: string, context: LambdaContext) {
    const { evidence } = context.storage;
    super(scope, id, {
      handler: "diagnose",
      description: "Finds the cause and what would help",
      timeout: Duration.seconds(50),
      // Processing power comes with memory, and people wait for the first message.
      memorySize: 1024,
      environment: { EVIDENCE_BUCKET: evidence.bucketName },
    });
    grantIncidents(context, this, "GetItem", "PutItem");
    allow(this, ["s3:PutObject"], [evidence.arnForObjects("evidence/*")]);
    if (this.role === undefined) return;
    accept(
      this.role,
      `AwsSolutions-IAM5[Resource::${attributeOf(evidence, "Arn")}/evidence/*]`,
      "Every look's evidence is an object of its own under this prefix.",
    );
  }
}
