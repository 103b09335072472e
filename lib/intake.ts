import { Stack } from "aws-cdk-lib";
import { Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { Topic } from "aws-cdk-lib/aws-sns";
import { LambdaSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { rdsDetailTypes } from "../functions/core/signals/rds-event.ts";
import { alarmTopic } from "./alarm-topic.ts";
import { wakeUpRule } from "./wake-up-rule.ts";

/** The ways in (S1–S4). An alarm wired to two of them is still one signal: its id is the transition. */
export class Intake extends Construct {
  readonly topic: Topic;
  readonly rule: Rule;
  readonly events: Rule;

  constructor(scope: Construct, id: string, { intake, deadLetters, sleepers }: IntakeProps) {
    super(scope, id);
    // S1: one permission for every alarm of the account; one a piece would burst the policy at 45 alarms.
    intake.addPermission("AlarmAction", {
      principal: new ServicePrincipal("lambda.alarms.cloudwatch.amazonaws.com"),
      sourceAccount: Stack.of(this).account,
    });
    // S2: alarms on metrics of RDS. Composite and custom-namespace alarms come by S1 or S3, where somebody chose them.
    this.rule = new Rule(this, "AlarmStateChange", {
      description: "RDS alarms to the responder",
      eventPattern: rdsAlarms,
    });
    this.rule.addTarget(new LambdaFunction(intake, { deadLetterQueue: deadLetters, retryAttempts: 20 }));
    wakeUpRule(this, "WakeUp", rdsAlarms, sleepers);
    // S4.
    this.events = new Rule(this, "RdsEvents", {
      description: "RDS events to the responder",
      eventPattern: { source: ["aws.rds"], detailType: [...rdsDetailTypes] },
    });
    this.events.addTarget(new LambdaFunction(intake, { deadLetterQueue: deadLetters, retryAttempts: 20 }));
    // S3.
    this.topic = alarmTopic(this, "Alarms", "Alarms for rds-responder");
    this.topic.addSubscription(new LambdaSubscription(intake, { deadLetterQueue: deadLetters }));
  }
}

export interface IntakeProps {
  readonly intake: IFunction;
  readonly deadLetters: IQueue;
  /** Who is needed soon after it, and woken up meanwhile. */
  readonly sleepers: readonly IFunction[];
}

/** A metric, a Metrics Insights query over the namespace, or the load that Performance Insights counts. */
const aboutRds = {
  $or: [
    { metricStat: { metric: { namespace: ["AWS/RDS"] } } },
    { expression: [{ wildcard: "*AWS/RDS*" }, { wildcard: "*DB_PERF_INSIGHTS*'RDS'*" }] },
  ],
};

const rdsAlarms = {
  source: ["aws.cloudwatch"],
  detailType: ["CloudWatch Alarm State Change", "CloudWatch Alarm Contributor State Change"],
  detail: { configuration: { metrics: aboutRds } },
};
