import { describe, expect, it } from "vitest";
import { signalSchema } from "../../../functions/core/contract/signal.ts";
import { altered, envelope, messagePath, onlySignal } from "./envelopes.ts";

const prefix = "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:";
const plainMetric = {
  namespace: "AWS/RDS",
  name: "CPUUtilization",
  statistic: "Average",
  dimensions: { DBInstanceIdentifier: "orders-db" },
};

describe("alarm envelopes", () => {
  it.each([
    ["S1", "direct-metric", "lambda"],
    ["S2", "eventbridge-metric", "eventbridge"],
    ["S3", "sns-metric", "sns"],
  ] as const)("%s reads %s into a signal that says all of the alarm", (_spec, name, via) => {
    const signal = onlySignal(envelope(name));
    expect(signalSchema.parse(signal)).toEqual({
      schema: "signal.v1",
      id: expect.stringContaining("orders-db CPU high"),
      kind: "alarm",
      via,
      name: "orders-db CPU high",
      arn: `${prefix}orders-db CPU high`,
      description: "CPU of the orders database",
      state: "ALARM",
      reason: expect.stringMatching(/^Threshold Crossed: 2 out of the last 2/),
      at: "2026-11-20T12:36:15.490Z",
      accountId: "123456789012",
      region: "eu-central-1",
      metrics: [{ ...plainMetric, periodSeconds: 60 }],
      oneMetric: true,
      contributor: null,
      childAlarms: [],
      threshold: 90,
      comparison: "GreaterThanThreshold",
      recentDatapoints: [93.25, 97.5],
      mutedBecause: null,
      tags: {},
      databases: [{ kind: "instance", id: "orders-db" }],
    });
  });

  it.each([
    ["eventbridge-math", false],
    ["sns-math", false],
    ["direct-composite", false],
    ["sns-composite", false],
    ["direct-contributor", false],
    ["sns-metric", true],
  ] as const)("S12 %s is an alarm on one metric: %s", (name, oneMetric) => {
    expect(onlySignal(envelope(name)).oneMetric).toBe(oneMetric);
  });

  it("S1 S2 S3 the same transition by three ways has one id", () => {
    const groups = [
      ["direct-metric", "eventbridge-metric", "sns-metric"],
      ["direct-composite", "sns-composite"],
      ["direct-contributor", "eventbridge-contributor", "sns-contributor"],
      ["eventbridge-math", "sns-math"],
    ] as const;
    const ids = groups.map((names) => new Set(names.map((name) => onlySignal(envelope(name)).id)));
    expect(ids.map((set) => set.size)).toEqual([1, 1, 1, 1]);
    expect(new Set(ids.flatMap((set) => [...set])).size).toBe(4);
  });

  it("S1 S2 S3 the id stays the same when the ARN is missing and when the time is written in another zone", () => {
    const { id } = onlySignal(envelope("direct-metric"));
    const same = [
      altered(envelope("direct-metric"), "alarmArn", undefined),
      altered(envelope("eventbridge-metric"), "resources", []),
      altered(envelope("sns-metric"), `${messagePath}.AlarmArn`, undefined),
      altered(envelope("eventbridge-metric"), "detail.state.timestamp", "2026-11-20T12:36:15.490Z"),
      altered(envelope("sns-metric"), `${messagePath}.StateChangeTime`, "2026-11-20T21:36:15.490+0900"),
      altered(envelope("direct-metric"), "alarmData.state.timestamp", "2026-11-20T12:36:15.49"),
    ];
    expect(same.map((event) => onlySignal(event).id)).toEqual(same.map(() => id));
  });

  it("S1 another state, millisecond, account, region, name or contributor is another id", () => {
    const direct = envelope("direct-metric");
    const contributor = envelope("direct-contributor");
    const ids = [
      direct,
      altered(direct, "alarmData.state.value", "OK"),
      altered(direct, "alarmData.state.timestamp", "2026-11-20T12:36:15.491+0000"),
      altered(direct, "alarmArn", "arn:aws:cloudwatch:eu-central-1:999999999999:alarm:x"),
      altered(direct, "alarmArn", "arn:aws:cloudwatch:us-east-1:123456789012:alarm:x"),
      altered(direct, "alarmData.alarmName", "other"),
      contributor,
      altered(contributor, "alarmData.alarmContributor.id", "0000000000000001"),
      altered(contributor, "alarmData.alarmContributor.id", "a/fleet CPU"),
      altered(contributor, "alarmData.alarmContributor", undefined),
    ].map((event) => onlySignal(event).id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("S3 takes the region from the ARN of the alarm or topic, never from the display name", () => {
    const withoutArn = altered(envelope("sns-metric"), `${messagePath}.AlarmArn`, undefined);
    expect(onlySignal(withoutArn)).toMatchObject({ arn: null, region: "eu-central-1" });
    const nowhere = altered(withoutArn, "Records.0.Sns.TopicArn", undefined);
    expect(onlySignal(nowhere)).toMatchObject({ arn: null, region: null, accountId: "123456789012" });
  });

  it("S3 reads old captures: no ARN, lower or upper case pairs, null texts, exponents", () => {
    const message = JSON.stringify({
      AlarmName: "db_mem",
      AlarmDescription: null,
      AWSAccountId: "123456789012",
      NewStateValue: "ALARM",
      NewStateReason:
        "Threshold Crossed: 1 datapoint [1.50785441792E10 (12/09/19 09:06:00)] was greater than the threshold (5.0).",
      StateChangeTime: "2019-09-12T09:11:07.155+0000",
      Region: "China (Beijing)",
      OldStateValue: "OK",
      Trigger: {
        MetricName: "FreeableMemory",
        Namespace: "AWS/RDS",
        StatisticType: "ExtendedStatistic",
        ExtendedStatistic: "p99.9",
        Dimensions: [{ Value: "DB", Name: "DBInstanceIdentifier" }],
      },
    });
    expect(onlySignal(altered(envelope("sns-metric"), messagePath, message))).toMatchObject({
      threshold: 5,
      comparison: "GreaterThanThreshold",
      recentDatapoints: [15_078_544_179.2],
      description: null,
      metrics: [{ statistic: "p99.9", name: "FreeableMemory" }],
      databases: [{ kind: "instance", id: "db" }],
    });
  });

  it("S3 reads anomaly alarms: bands have no threshold, the comparison is the trigger's", () => {
    const trigger = `${messagePath}.Trigger`;
    const event = altered(envelope("sns-metric"), `${trigger}.ThresholdMetricId`, "ad1");
    const anomaly = altered(event, `${trigger}.ComparisonOperator`, "GreaterThanUpperThreshold");
    expect(onlySignal(anomaly)).toMatchObject({
      threshold: null,
      comparison: "GreaterThanUpperThreshold",
    });
  });

  it("S2 what is not the ARN of an alarm is no ARN of an alarm", () => {
    const others = ["arn:aws:cloudwatch:eu-central-1:123456789012:alarm-mute-rule:x", "arn:aws:rds:x", 5];
    const event = altered(envelope("eventbridge-metric"), "resources", others);
    expect(onlySignal(event)).toMatchObject({ arn: null, region: "eu-central-1" });
  });

  it("S2 a separator inside names does not make two transitions one", () => {
    const contributor = envelope("eventbridge-contributor");
    const named = (id: string, name: string) =>
      onlySignal(altered(altered(contributor, "detail.alarmContributor.id", id), "detail.alarmName", name))
        .id;
    expect(named("a", "b/c")).not.toBe(named("a/b", "c"));
  });

  it("S9 extra fields never hurt and a broken reasonData costs only the datapoints", () => {
    const event = altered(envelope("direct-metric"), "alarmData.state.reasonData", '{"version":"1.0","rec');
    const extra = altered(altered(event, "alarmData.state.evaluationState", { a: [1] }), "new", 1);
    expect(onlySignal(extra)).toMatchObject({
      recentDatapoints: [],
      threshold: 90,
      name: "orders-db CPU high",
    });
    expect(
      onlySignal(altered(envelope("direct-metric"), "alarmData.state.reasonData", 7)).recentDatapoints,
    ).toEqual([]);
  });

  it("S2 keeps alarms without reason, metrics or previous state (PromQL)", () => {
    const bare = { alarmName: "p", state: { value: "ALARM", timestamp: "2026-11-20T12:36:15.490+0000" } };
    expect(onlySignal(altered(envelope("eventbridge-metric"), "detail", bare))).toMatchObject({
      reason: "",
      metrics: [],
      databases: [],
    });
  });

  it("S2 says by whom an alarm is muted or suppressed", () => {
    const event = envelope("eventbridge-contributor");
    const mute = {
      mutedByArn: "arn:aws:cloudwatch:eu-central-1:123456789012:alarm-mute-rule:x",
      muteWindowEnd: "2026-11-20T14:00:00.000+0000",
    };
    expect(onlySignal(altered(event, "detail.muteDetail", mute)).mutedBecause).toBe(
      "muted by arn:aws:cloudwatch:eu-central-1:123456789012:alarm-mute-rule:x until 2026-11-20T14:00:00.000+0000",
    );
    const suppressed = altered(
      altered(envelope("direct-composite"), "alarmData.state.actionsSuppressedBy", "Alarm"),
      "alarmData.state.actionsSuppressedReason",
      "orders-maintenance is in ALARM",
    );
    expect(onlySignal(suppressed).mutedBecause).toBe(
      "actions suppressed by Alarm: orders-maintenance is in ALARM",
    );
  });
});
