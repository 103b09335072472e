import { readFileSync } from "node:fs";
import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { synthesize } from "../support/synth.ts";
import { matches } from "./event-pattern.ts";

const { template } = synthesize({ bundle: false });
const intake = { "Fn::GetAtt": [Match.stringLikeRegexp("^IntakeFunction"), "Arn"] };
const deadLetters = { "Fn::GetAtt": [Match.stringLikeRegexp("^StorageDeadLetters"), "Arn"] };
const account = { Ref: "AWS::AccountId" };

describe("ways in", () => {
  it("S1 every alarm of this account, and of no other, may invoke the intake", () => {
    const principal = "lambda.alarms.cloudwatch.amazonaws.com";
    template.hasResourceProperties("AWS::Lambda::Permission", {
      Action: "lambda:InvokeFunction",
      FunctionName: intake,
      Principal: principal,
      SourceAccount: account,
    });
    const permissions = template.findResources("AWS::Lambda::Permission", {
      Properties: { Principal: principal },
    });
    expect(Object.keys(permissions)).toHaveLength(1);
  });

  it("S2 the rule hands alarms to the intake, and to the dead-letter queue when it cannot", () => {
    template.hasResourceProperties("AWS::Events::Rule", {
      State: "ENABLED",
      Targets: [
        Match.objectLike({
          Arn: intake,
          DeadLetterConfig: { Arn: deadLetters },
          RetryPolicy: { MaximumRetryAttempts: 20 },
        }),
      ],
    });
    template.hasResourceProperties("AWS::Lambda::Permission", {
      FunctionName: intake,
      Principal: "events.amazonaws.com",
      SourceArn: { "Fn::GetAtt": [Match.stringLikeRegexp("^IntakeAlarmStateChange"), "Arn"] },
    });
    template.hasResourceProperties("AWS::SQS::QueuePolicy", {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: "Allow",
            Action: "sqs:SendMessage",
            Principal: { Service: "events.amazonaws.com" },
          }),
        ]),
      },
    });
  });

  it("S3 the topic takes alarms of this account and hands them to the intake, with a way for what fails", () => {
    template.hasResourceProperties("AWS::SNS::Subscription", {
      Protocol: "lambda",
      Endpoint: intake,
      TopicArn: { Ref: Match.stringLikeRegexp("^IntakeAlarms") },
      RedrivePolicy: { deadLetterTargetArn: deadLetters },
    });
    template.hasResourceProperties("AWS::Lambda::Permission", {
      FunctionName: intake,
      Principal: "sns.amazonaws.com",
      SourceArn: { Ref: Match.stringLikeRegexp("^IntakeAlarms") },
    });
    template.hasResourceProperties("AWS::SNS::TopicPolicy", publishableBy("^IntakeAlarms"));
  });

  it("S9 a signal that the intake cannot process goes to the dead-letter queue after two more tries", () => {
    template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
      FunctionName: { Ref: Match.stringLikeRegexp("^IntakeFunction") },
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: deadLetters } },
    });
  });

  it("S7 the address for clicks is open, limited in how much of the account it can use, and no other is", () => {
    template.resourceCountIs("AWS::Lambda::Url", 1);
    template.hasResourceProperties("AWS::Lambda::Url", {
      AuthType: "NONE",
      TargetFunctionArn: { "Fn::GetAtt": [Match.stringLikeRegexp("^InteractionFunction"), "Arn"] },
    });
    template.hasResourceProperties("AWS::Lambda::Function", {
      Description: Match.stringLikeRegexp("^Takes clicks on Slack buttons"),
      ReservedConcurrentExecutions: 10,
    });
    for (const permission of Object.values(template.findResources("AWS::Lambda::Permission"))) {
      if (permission["Properties"].Principal !== "*") continue;
      expect(permission["Properties"].FunctionName["Fn::GetAtt"][0]).toMatch(/^InteractionFunction/);
    }
  });
});

/** Refusing connections without TLS replaces the default policy: without this statement no alarm gets through. */
function publishableBy(topic: string) {
  return {
    Topics: [{ Ref: Match.stringLikeRegexp(topic) }],
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Effect: "Allow",
          Action: "sns:Publish",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Condition: { StringEquals: { "aws:SourceAccount": account } },
        }),
      ]),
    },
  };
}

describe("the wake-up", () => {
  const rules = Object.entries(template.findResources("AWS::Events::Rule"));
  const [, wakeUp] = rules.find(([id]) => id.startsWith("IntakeWakeUp")) ?? [];
  const schema = z.object({
    Properties: z.object({
      EventPattern: z.looseObject({}),
      Targets: z.array(z.object({ Input: z.string(), RetryPolicy: z.looseObject({}) })),
    }),
  });

  it("Q1 comes with the same alarms as the intake's, and only when one goes off", () => {
    const { EventPattern } = schema.parse(wakeUp).Properties;
    const event = z.looseObject({ detail: z.looseObject({}) }).parse(envelope("eventbridge-metric"));
    const inState = (value: string) => ({ ...event, detail: { ...event.detail, state: { value } } });
    expect(matches(EventPattern, inState("ALARM"))).toBe(true);
    expect(matches(EventPattern, inState("OK"))).toBe(false);
  });

  it("Q4 says nothing of the alarm, and is tried once", () => {
    const { Targets } = schema.parse(wakeUp).Properties;
    expect(Targets).toHaveLength(5);
    for (const { Input, RetryPolicy } of Targets) {
      expect(JSON.parse(Input)).toEqual({ wake: true });
      expect(RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 });
    }
    const configs = Object.values(template.findResources("AWS::Lambda::EventInvokeConfig"));
    const lost = configs.filter((config) => config["Properties"].MaximumRetryAttempts === 0);
    expect(lost).toHaveLength(5);
  });
});

describe("filter of the rule", () => {
  const ruleSchema = z.object({ Properties: z.object({ EventPattern: z.looseObject({}) }) });
  const rules = Object.entries(template.findResources("AWS::Events::Rule"));
  const [, rule] = rules.find(([id]) => id.startsWith("IntakeAlarmStateChange")) ?? [];
  const pattern = ruleSchema.parse(rule).Properties.EventPattern;
  const about = (metric: object) => ({
    source: "aws.cloudwatch",
    "detail-type": "CloudWatch Alarm State Change",
    detail: { configuration: { metrics: [{ id: "m1", ...metric }] } },
  });

  it.each(["eventbridge-metric", "eventbridge-contributor", "eventbridge-math"])(
    "S2 lets %s through",
    (name) => {
      expect(matches(pattern, envelope(name))).toBe(true);
    },
  );

  it("S2 lets alarms on the load of Performance Insights through", () => {
    expect(
      matches(
        pattern,
        about({ expression: "DB_PERF_INSIGHTS('RDS', 'db-1', 'os.cpuUtilization.user.avg')" }),
      ),
    ).toBe(true);
  });

  it.each([
    ["an alarm on another service", about({ metricStat: { metric: { namespace: "AWS/EC2" } } })],
    ["metric math over another service", about({ expression: 'SELECT MAX(CPUUtilization) FROM "AWS/EC2"' })],
    ["a composite alarm", { ...about({}), detail: { configuration: { alarmRule: "ALARM(a)" } } }],
    [
      "another event of an alarm",
      {
        ...about({ metricStat: { metric: { namespace: "AWS/RDS" } } }),
        "detail-type": "CloudWatch Alarm Configuration Change",
      },
    ],
  ])("S2 keeps %s out", (_, event) => {
    expect(matches(pattern, event)).toBe(false);
  });
});

function envelope(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/envelopes/${name}.json`, import.meta.url), "utf8"));
}
