import { describe, expect, it } from "vitest";
import { parseSignals } from "../../../functions/core/signals/parse-signal.ts";
import { altered, envelope, envelopeNames, messagePath, onlyRejection, onlySignal } from "./envelopes.ts";

const direct = envelope("direct-metric");
const limit = 256 * 1024;

describe("what is not understood", () => {
  it.each([
    ["null", null, "empty", "null"],
    ["undefined", undefined, "empty", "empty"],
    ["an empty object", {}, "empty", "empty"],
    ["no records", { Records: [] }, "empty", "Records is empty"],
    ["an array", [direct], "unknown-envelope", "a list of 1"],
    ["a string", "ALARM", "unknown-envelope", 'the text "ALARM"'],
    ["a number", 7, "unknown-envelope", "a number"],
    ["a bare object", { hello: 1 }, "unknown-envelope", 'the keys "hello"'],
    ["an S3 record", { Records: [{ eventSource: "aws:s3", s3: {} }] }, "unknown-envelope", '"aws:s3"'],
    ["a null record", { Records: [null] }, "empty", "null"],
    [
      "an SQS body of no JSON",
      { Records: [{ eventSource: "aws:sqs", body: "hi" }] },
      "not-json",
      '"hi" is not',
    ],
    [
      "an SQS body of no text",
      { Records: [{ eventSource: "aws:sqs", body: 1 }] },
      "wrong-shape",
      "got a number",
    ],
  ])("S9 answers %s with a reason", (_what, event, code, says) => {
    const rejection = onlyRejection(event);
    expect(rejection.code).toBe(code);
    expect(rejection.reason).toContain(says);
  });

  it("S9 an event that is no alarm is unknown, and the reason says what came and what was expected", () => {
    const rejection = onlyRejection(envelope("ec2-state-change"));
    expect(rejection.code).toBe("unknown-envelope");
    expect(rejection.reason).toMatch(
      /^got the event "EC2 Instance State-change Notification" from source "aws.ec2"/,
    );
    expect(rejection.reason).toContain("CloudWatch Alarm State Change");
    expect(rejection.raw).toEqual(envelope("ec2-state-change"));
  });

  it("S9 a changed configuration of an alarm, and an alarm event of another source, are no alarm", () => {
    const event = envelope("eventbridge-metric");
    const changed = altered(event, "detail-type", "CloudWatch Alarm Configuration Change");
    expect(onlyRejection(changed).code).toBe("unknown-envelope");
    expect(onlyRejection(altered(event, "source", "my.app")).code).toBe("unknown-envelope");
  });

  it.each([
    [direct, "alarmData", "text", "alarmData"],
    [direct, "alarmData.alarmName", 5, "alarmData.alarmName"],
    [direct, "alarmData.alarmName", "", "alarmData.alarmName"],
    [direct, "alarmData.alarmName", "x".repeat(5000), "alarmData.alarmName"],
    [direct, "alarmData.state", null, "alarmData.state"],
    [direct, "alarmData.state.value", "BURNING", "alarmData.state.value"],
    [direct, "alarmData.state.timestamp", "yesterday", "alarmData.state.timestamp"],
    [direct, "alarmData.state.timestamp", undefined, "alarmData.state.timestamp"],
    [direct, "alarmData.configuration.metrics", "m1", "alarmData.configuration.metrics"],
    [
      direct,
      "alarmData.configuration.metrics.0.metricStat.metric.dimensions.DBInstanceIdentifier",
      5,
      "alarmData.configuration.metrics.0.metricStat.metric.dimensions.DBInstanceIdentifier",
    ],
    [envelope("eventbridge-contributor"), "detail.alarmContributor", [], "detail.alarmContributor"],
    [envelope("sns-metric"), `${messagePath}.NewStateValue`, 1, "NewStateValue"],
    [envelope("sns-metric"), `${messagePath}.AlarmName`, undefined, "AlarmName"],
    [envelope("sns-metric"), `${messagePath}.Trigger`, "x", "Trigger"],
    [envelope("sns-metric"), `${messagePath}.Trigger.Dimensions.0.value`, {}, "Trigger.dimensions.0.value"],
    [envelope("sns-metric"), "Records.0.Sns.Message", 1, "Sns.Message"],
  ])("S9 a wrong type is a rejection that names the field (%#)", (event, path, value, field) => {
    const rejection = onlyRejection(altered(event, path, value));
    expect(rejection).toMatchObject({ code: "wrong-shape", field: expect.stringContaining(field) });
    expect(rejection.reason).toContain(field);
  });

  it("S9 a wrong type where only help is lost does not cost the alarm", () => {
    const paths = [
      "alarmData.configuration.description",
      "alarmData.alarmTags",
      "alarmData.previousState",
      "region",
    ];
    for (const path of paths) expect(onlySignal(altered(direct, path, 5)).name).toBe("orders-db CPU high");
  });

  it("S9 a truncated message is not JSON, and the whole record is kept", () => {
    const event = envelope("sns-metric");
    const text = String(Reflect.get(Object(Reflect.get(Object(firstRecord(event)), "Sns")), "Message"));
    for (const length of [0, 1, 100, text.length - 1]) {
      const cut = altered(event, "Records.0.Sns", { Message: text.slice(0, length) });
      expect(onlyRejection(cut)).toMatchObject({
        code: "not-json",
        field: "Sns.Message",
        raw: firstRecord(cut),
      });
    }
  });

  it("S9 300 KB is too large, and only the head is kept", () => {
    const big = "x".repeat(300 * 1024);
    const events = [
      altered(direct, "padding", big),
      altered(envelope("eventbridge-metric"), "detail.state.reason", big),
      altered(envelope("sns-metric"), `${messagePath}.AlarmDescription`, big),
      big,
    ];
    for (const event of events) {
      const { code, raw } = onlyRejection(event);
      expect(code).toBe("too-large");
      expect(String(raw).length).toBeLessThan(5000);
      expect(JSON.stringify(event).startsWith(String(raw).slice(0, -1))).toBe(true);
    }
  });

  it("S9 the limit is 256 KiB of UTF-8, and the caller's count goes before", () => {
    const room = limit - new TextEncoder().encode(JSON.stringify(altered(direct, "p", ""))).length;
    expect(onlySignal(altered(direct, "p", "x".repeat(room))).name).toBe("orders-db CPU high");
    expect(onlyRejection(altered(direct, "p", "x".repeat(room + 1))).code).toBe("too-large");
    expect(onlyRejection(altered(direct, "p", "é".repeat(room / 2 + 1))).code).toBe("too-large");
    expect(onlyRejection(direct, limit + 1).code).toBe("too-large");
  });

  it("S9 one record too many bytes does not cost the others of its batch", () => {
    const good = firstRecord(envelope("sns-metric"));
    const filled = { ...Object(good), padding: "x".repeat(200 * 1024) };
    const tooBig = { ...Object(good), padding: "x".repeat(300 * 1024) };
    const { signals, rejected } = parseSignals({ Records: [filled, tooBig, filled] });
    expect(signals).toHaveLength(2);
    expect(rejected.map(({ code }) => code)).toEqual(["too-large"]);
  });

  it("S9 survives nesting, circles and values that JSON cannot carry", () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 200_000; depth += 1) deep = [deep];
    const circle: Record<string, unknown> = { alarmData: {} };
    circle["self"] = circle;
    const throwing = {
      toJSON: () => {
        throw new Error("no");
      },
    };
    for (const event of [deep, circle, { n: 1n }, throwing]) {
      const rejection = onlyRejection(event);
      expect(rejection.code).toBe("not-json");
      expect(() => JSON.stringify(rejection)).not.toThrow();
    }
    const nested = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    expect(onlySignal(altered(direct, "alarmData.state.reasonData", nested)).recentDatapoints).toEqual([]);
    expect(onlyRejection(altered(envelope("sns-metric"), messagePath, nested)).code).toBe("unknown-envelope");
  });

  it("S9 refuses what is wrapped in itself too often", () => {
    let event: unknown = direct;
    for (let depth = 0; depth < 5; depth += 1) {
      event = { Type: "Notification", TopicArn: "arn", Message: JSON.stringify(event) };
    }
    expect(onlyRejection(event).reason).toContain("wrapped more than 4 times");
  });

  it("S9 quotes hostile text on one line, without control characters", () => {
    const rejection = onlyRejection({ "a\u0000\u001b[31m\nb": 1, ["k".repeat(5000)]: 2, "\ud800": 3 });
    expect(rejection.reason).not.toMatch(/\p{Cc}/u);
    expect(rejection.reason.length).toBeLessThanOrEqual(1000);
    const hostile = { "x\u0000\ny": 5 };
    const dimensions = "alarmData.configuration.metrics.0.metricStat.metric.dimensions";
    expect(onlyRejection(altered(direct, dimensions, hostile)).field).not.toMatch(/\p{Cc}/u);
  });

  it("S9 every fixture gives signals or rejections, nothing vanishes", () => {
    for (const name of envelopeNames) {
      const { signals, rejected } = parseSignals(envelope(name));
      expect(signals.length + rejected.length).toBeGreaterThan(0);
    }
  });
});

function firstRecord(event: unknown): unknown {
  return Reflect.get(Object(Reflect.get(Object(event), "Records")), 0);
}
