import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { accept, attributeOf } from "../accept-finding.ts";
import { ResponderFunction } from "../node-function.ts";
import { allow, grantIncidents, grantSettings, grantSlack, type LambdaContext } from "./lambda-context.ts";

/**
 * Every step that decides or speaks: prepare, diagnose, announce, ask, authorize (the gate), record, close, give up.
 * One function, so that an incident at night pays for one cold start and not for eight.
 */
export class CoordinateFunction extends ResponderFunction {
  constructor(scope: Construct, id: string, context: LambdaContext) {
    const { evidence, killSwitch } = context.storage;
    super(scope, id, {
      handler: "coordinate",
      description: "Decides and speaks: diagnosis, gate, messages",
      timeout: Duration.seconds(50),
      // Processing power comes with memory, and people wait for the first message.
      memorySize: 1024,
      environment: {
        EVIDENCE_BUCKET: evidence.bucketName,
        KILL_SWITCH_PARAMETER: killSwitch.parameterName,
      },
    });
    grantIncidents(context, this, "GetItem", "Query", "PutItem", "DeleteItem", "ConditionCheckItem");
    grantSettings(context, this);
    grantSlack(context, this);
    allow(this, ["ssm:GetParameter"], [killSwitch.parameterArn]);
    allow(this, ["s3:PutObject"], [evidence.arnForObjects("evidence/*")]);
    if (this.role === undefined) return;
    accept(
      this.role,
      `AwsSolutions-IAM5[Resource::${attributeOf(evidence, "Arn")}/evidence/*]`,
      "Every look's evidence is an object of its own under this prefix.",
    );
  }
}
