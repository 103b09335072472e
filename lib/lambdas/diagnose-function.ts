import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { accept, attributeOf } from "../accept-finding.ts";
import { ResponderFunction } from "../node-function.ts";
import { allow, grantIncidents, type LambdaContext } from "./lambda-context.ts";

/** Evidence to ranked findings to the next step. */
export class DiagnoseFunction extends ResponderFunction {
  constructor(scope: Construct, id: string, context: LambdaContext) {
    const { evidence } = context.storage;
    super(scope, id, {
      handler: "diagnose",
      description: "Diagnoses and decides the next step",
      timeout: Duration.seconds(20),
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
