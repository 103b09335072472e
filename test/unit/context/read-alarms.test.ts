import { describe, expect, it } from "vitest";
import { createMemoryAlarmStates } from "../../../functions/adapters/memory/memory-alarm-states.ts";
import { createMemoryMetrics } from "../../../functions/adapters/memory/memory-metrics.ts";
import type { AlarmState } from "../../../functions/core/context-ports.ts";
import type { AlarmRule, AttachedAlarm } from "../../../functions/core/contract/alarm.ts";
import type { MetricQuery } from "../../../functions/core/ports.ts";
import { readAlarms } from "../../../functions/core/respond/read-alarms.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aTarget } from "../../support/incident-builder.ts";

const now = Date.parse("2026-11-21T10:00:30.000Z");
const place = "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:";

const rule: AlarmRule = {
  metric: {
    namespace: "Shop",
    name: "QueueLength",
    statistic: "p99",
    dimensions: { Queue: "orders" },
    periodSeconds: 60,
  },
  periodSeconds: 60,
  comparison: "GreaterThanThreshold",
  threshold: 10,
};

function anAlarm(overrides: Partial<AttachedAlarm> = {}): AttachedAlarm {
  return {
    key: `${place}queue`,
    name: "queue",
    arn: `${place}queue`,
    contributor: null,
    standing: true,
    since: "2026-11-21T09:55:00.000Z",
    at: "2026-11-21T09:55:00.000Z",
    rule,
    inside: false,
    says: null,
    ...overrides,
  };
}

function state(overrides: Partial<AlarmState> = {}): AlarmState {
  return { arn: `${place}queue`, name: "queue", state: "ALARM", rule, ...overrides };
}

async function read(alarms: readonly AttachedAlarm[], states: readonly AlarmState[] = [], refused?: string) {
  const queries: MetricQuery[] = [];
  const metrics = createMemoryMetrics((query) => {
    queries.push(query);
    const every = query.periodSeconds * 1000;
    const first = Math.floor(now / every) * every - 2 * every;
    const points = [0, 1, 2].map((n) => ({ at: new Date(first + n * every).toISOString(), value: n + 1 }));
    return { ...query, id: query.name, dimensions: { ...query.dimensions }, unit: null, points };
  });
  const alarmStates = createMemoryAlarmStates(states);
  if (refused !== undefined) {
    alarmStates.refuse(refused);
    metrics.fail(refused);
  }
  const deadline = AbortSignal.timeout(5000);
  const look = { target: aTarget(), settings: defaultSettings, now, deadline };
  return { sights: await readAlarms(alarms, look, { metrics, alarmStates }), queries };
}

describe("how an alarm stands", () => {
  it("S12 is asked of CloudWatch, with its own metric in its own statistic, in our catalogue or not", async () => {
    const { sights, queries } = await read([anAlarm()], [state()]);
    expect(queries).toEqual([expect.objectContaining({ name: "QueueLength", statistic: "p99" })]);
    // The minute that has not ended says nothing yet.
    expect(sights).toEqual([
      {
        key: `${place}queue`,
        state: "ALARM",
        rule,
        latest: { at: "2026-11-21T09:59:00.000Z", value: 2 },
        missing: null,
      },
    ]);
  });

  it("S12 is judged by the threshold that it has now", async () => {
    const { sights } = await read([anAlarm()], [state({ rule: { ...rule, threshold: 99 } })]);
    expect(sights[0]?.rule?.threshold).toBe(99);
  });

  it("S12 is over when it does not exist any more", async () => {
    expect((await read([anAlarm()])).sights[0]?.state).toBe("gone");
  });

  it.each([
    ["of another account", { arn: `${place.replace("123456789012", "999999999999")}queue` }],
    ["whose ARN is not known", { arn: null }],
  ])("S12 is not over because CloudWatch here knows none %s", async (_of, overrides) => {
    expect((await read([anAlarm(overrides)])).sights[0]?.state).toBeNull();
  });

  it("S12 of one series of many is over with the whole, and not known before", async () => {
    const alarm = anAlarm({ contributor: "abc", rule: null });
    expect((await read([alarm], [state({ rule: null })])).sights[0]?.state).toBeNull();
    expect((await read([alarm], [state({ rule: null, state: "OK" })])).sights[0]?.state).toBe("OK");
  });

  it("S12 on an hour is read finer, but never a sum over less than it counts", async () => {
    const hour = { ...rule, periodSeconds: 3600 };
    expect((await read([anAlarm({ rule: hour })], [state({ rule: hour })])).queries[0]?.periodSeconds).toBe(
      300,
    );
    const sum = { ...hour, metric: { ...hour.metric, statistic: "Sum" } };
    const { sights, queries } = await read([anAlarm({ rule: sum })], [state({ rule: sum })]);
    expect(queries).toEqual([]);
    expect(sights[0]?.latest).toBeNull();
  });

  it("M6 that could not be read says why, and is not over", async () => {
    const { sights } = await read([anAlarm()], [state()], "Throttling");
    expect(sights).toEqual([
      {
        key: `${place}queue`,
        state: null,
        rule,
        latest: null,
        missing: expect.stringContaining("Throttling"),
      },
    ]);
  });
});
