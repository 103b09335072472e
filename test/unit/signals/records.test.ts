import { describe, expect, it } from "vitest";
import { parseSignals } from "../../../functions/core/signals/parse-signal.ts";
import { envelope, onlySignal } from "./envelopes.ts";

describe("batches of records", () => {
  it("S9 of mixed SNS records the good ones become signals and each bad one a rejection", () => {
    const { signals, rejected } = parseSignals(envelope("sns-mixed"));
    expect(signals.map(({ name }) => name)).toEqual([
      "orders-db CPU high",
      "RDS-EVENT-0006 orders-db",
      "orders-db in trouble",
    ]);
    expect(rejected.map(({ code, field }) => ({ code, field }))).toEqual([
      { code: "not-json", field: "Sns.Message" },
      { code: "wrong-shape", field: "Sns" },
    ]);
    const records: unknown = Reflect.get(Object(envelope("sns-mixed")), "Records");
    expect(rejected.map(({ raw }) => raw)).toEqual([1, 4].map((at) => Reflect.get(Object(records), at)));
  });

  it("S9 reads alarms that lie in a queue: an event, a notification, a raw message, an alarm action", () => {
    const { signals, rejected } = parseSignals(envelope("sqs-mixed"));
    expect(rejected).toEqual([]);
    expect(signals.map(({ via }) => via)).toEqual(["eventbridge", "sns", "sns", "lambda"]);
    expect(signals.map(({ id }) => id)).toEqual(
      (["eventbridge-metric", "sns-math", "sns-composite", "direct-contributor"] as const).map(
        (name) => onlySignal(envelope(name)).id,
      ),
    );
  });
});
