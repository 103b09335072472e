import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { synthesize, testConfig } from "../support/synth.ts";

const { template, handlers, definition } = synthesize({ bundle: false });
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
    ["RdsResponder", "InteractionsRejected"],
    ["RdsResponder", "SettingsInvalid"],
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

  it("Q5 watch every rule that brings signals or the sweeper", () => {
    // A wake-up that does not come is worth no alarm: nothing is lost by it.
    const rules = Object.keys(template.findResources("AWS::Events::Rule")).filter(
      (id) => !id.startsWith("IntakeWakeUp"),
    );
    const watched = alarms
      .filter((alarm) => alarm.MetricName === "FailedInvocations")
      .map((alarm) => alarm.Dimensions[0].Value.Ref);
    expect(watched.sort()).toEqual(rules.sort());
    expect(watched).toHaveLength(4);
  });

  it("Q5 watch the throttles of the function that strangers can call", () => {
    const throttled = alarms
      .filter((alarm) => alarm.MetricName === "Throttles")
      .map((alarm) => handlers.get(alarm.Dimensions[0].Value.Ref));
    expect(throttled.sort()).toEqual(["intake", "interaction"]);
  });

  it("Q3 can tell of an execution that hangs, because it ends before Step Functions' year is over", () => {
    const { TimeoutSeconds } = z.object({ TimeoutSeconds: z.number() }).parse(definition);
    // 680 rounds of an execution, each with the longest wait that the default settings know, are two and a half days.
    expect(TimeoutSeconds).toBeGreaterThan(680 * 300);
    expect(TimeoutSeconds).toBeLessThanOrEqual(14 * 86_400);
  });

  it("Q5 can be read about: the machine's log is delivered under the prefix that needs no policy a group", () => {
    template.hasResourceProperties("AWS::Logs::LogGroup", {
      LogGroupName: "/aws/vendedlogs/states/rds-responder-respond",
    });
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
