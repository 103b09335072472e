import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { synthesize, testConfig } from "../support/synth.ts";

const { template, handlers } = synthesize({ bundle: false });
const alarms = Object.values(template.findResources("AWS::CloudWatch::Alarm")).map(
  (alarm) => alarm["Properties"],
);

describe("alarms on the responder itself", () => {
  it.each([
    ["AWS/SQS", "ApproximateNumberOfMessagesVisible"],
    ["AWS/States", "ExecutionsFailed"],
    ["AWS/States", "ExecutionsAborted"],
    ["AWS/States", "ExecutionsTimedOut"],
    ["AWS/Lambda", "AsyncEventsDropped"],
    ["AWS/Lambda", "DestinationDeliveryFailures"],
    ["AWS/Lambda", "Throttles"],
    ["AWS/Events", "FailedInvocations"],
    ["RdsResponder", "MessagesNotSent"],
  ])("Q5 watch %s %s", (namespace, metric) => {
    expect(alarms.map((alarm) => `${alarm.Namespace} ${alarm.MetricName}`)).toContain(
      `${namespace} ${metric}`,
    );
  });

  it("Q5 watch the errors of every function", () => {
    const watched = alarms
      .filter((alarm) => alarm.MetricName === "Errors")
      .map((alarm) => handlers.get(alarm.Dimensions[0].Value.Ref));
    expect(watched.sort()).toEqual([...handlers.values()].sort());
  });

  it("Q5 tell the operators by a topic of their own, which alarms may publish to", () => {
    for (const alarm of alarms) {
      expect(alarm.AlarmActions).toEqual([{ Ref: expect.stringMatching(/^AlarmsOperators/) }]);
      expect(alarm.AlarmDescription).not.toBe("");
    }
    template.hasResourceProperties("AWS::SNS::TopicPolicy", {
      Topics: [{ Ref: Match.stringLikeRegexp("^AlarmsOperators") }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: "sns:Publish", Principal: { Service: "cloudwatch.amazonaws.com" } }),
        ]),
      },
    });
    template.hasResourceProperties("AWS::SNS::Subscription", {
      Protocol: "email",
      Endpoint: "dba@example.com",
    });
  });

  it("Q5 need no e-mail address", () => {
    const without = synthesize({ bundle: false, config: { ...testConfig, operatorEmail: null } });
    expect(
      without.template.findResources("AWS::SNS::Subscription", { Properties: { Protocol: "email" } }),
    ).toEqual({});
  });
});
