import { describe, expect, it } from "vitest";
import { createRandomIds } from "../../functions/adapters/aws/random-ids.ts";
import { createStructuredLog } from "../../functions/adapters/aws/structured-log.ts";
import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import { createCountingIds } from "../../functions/adapters/memory/counting-ids.ts";
import { createScaledClock } from "../../functions/adapters/memory/scaled-clock.ts";
import { createVirtualClock } from "../../functions/adapters/memory/virtual-clock.ts";

function logged(write: (log: ReturnType<typeof createStructuredLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  const clock = createVirtualClock("2026-11-21T14:00:00Z");
  write(
    createStructuredLog({
      ...{ clock, namespace: "RdsResponder", base: { function: "intake" } },
      write: (line) => lines.push(line),
    }),
  );
  for (const line of lines) expect(line.indexOf("\n")).toBe(line.length - 1);
  return lines.map((line) => JSON.parse(line));
}

describe("structured log", () => {
  it("Q5 writes one JSON line a call, with level, event, time and fields", () => {
    expect(logged((log) => log.warn("message.not-sent", { reason: "two\nlines" }))).toEqual([
      {
        ...{ level: "warn", event: "message.not-sent", at: "2026-11-21T14:00:00.000Z" },
        ...{ function: "intake", reason: "two\nlines" },
      },
    ]);
  });

  it("Q4 hides what the name of a field or a URL gives away, at any depth", () => {
    const [line] = logged((log) =>
      log.error("x", {
        DB_PASSWORD: "hunter2",
        order: { taskToken: "hunter2", list: [{ Authorization: "hunter2" }], clientSecret: { a: "hunter2" } },
        cause: new Error("cannot reach postgres://app:hunter2@host/db", { cause: { secretArn: "hunter2" } }),
      }),
    );
    expect(JSON.stringify(line)).not.toContain("hunter2");
    expect(JSON.stringify(line)).toContain("postgres://app:***@host/db");
  });

  it("Q5 survives circles, BigInts, undefined and very long texts", () => {
    const circle: Record<string, unknown> = { n: 1n, nothing: undefined, long: "x".repeat(100_000) };
    circle["self"] = circle;
    const [line] = logged((log) => log.info("x", { circle }));
    expect(line?.["circle"]).toMatchObject({ n: "1", self: "[not shown]" });
    expect(JSON.stringify(line).length).toBeLessThan(10_000);
  });

  it("Q5 does not let a field stand in for the level, the event or the time", () => {
    const [line] = logged((log) => log.info("real", { event: "fake", level: "error", at: "never" }));
    expect(line).toMatchObject({ event: "real", level: "info", at: "2026-11-21T14:00:00.000Z" });
  });

  it("Q5 publishes a metric in the embedded format, in total and by result, never by incident", () => {
    const [line] = logged((log) =>
      log.metric("ActionsFinished", 1, "Count", { result: "done", incidentId: "i" }),
    );
    expect(line).toMatchObject({
      ActionsFinished: 1,
      result: "done",
      incidentId: "i",
      _aws: {
        Timestamp: Date.parse("2026-11-21T14:00:00Z"),
        CloudWatchMetrics: [
          {
            ...{ Namespace: "RdsResponder", Dimensions: [[], ["result"]] },
            Metrics: [{ Name: "ActionsFinished", Unit: "Count" }],
          },
        ],
      },
    });
  });
});

describe.each([
  ["the machine's clock", () => createSystemClock()],
  ["a clock ten times as fast", () => createScaledClock(10)],
])("%s", (_name, make) => {
  it("Q2 moves on while it sleeps", async () => {
    const clock = make();
    const before = clock.now();
    await clock.sleep(20);
    expect(clock.now()).toBeGreaterThanOrEqual(before + 10);
  });

  it("Q2 wakes with the reason of the signal, also when that came first", async () => {
    const reason = new Error("time is up");
    const stop = new AbortController();
    const sleeping = make().sleep(60_000, stop.signal);
    stop.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    await expect(make().sleep(60_000, stop.signal)).rejects.toBe(reason);
  });
});

describe("virtual clock", () => {
  it("Q2 wakes sleepers in the order of their time, and those that sleep again", async () => {
    const clock = createVirtualClock(0);
    const woken: [string, number][] = [];
    const sleeper = async (name: string, ...naps: number[]) => {
      for (const ms of naps) {
        await clock.sleep(ms);
        woken.push([name, clock.now()]);
      }
    };
    const all = Promise.all([sleeper("late", 30), sleeper("twice", 10, 15), sleeper("never", 1000)]);
    await clock.advance(50);
    expect(woken).toEqual([
      ["twice", 10],
      ["twice", 25],
      ["late", 30],
    ]);
    expect([clock.now(), clock.sleepers]).toEqual([50, 1]);
    await clock.advance(1000);
    await all;
  });

  it("Q2 wakes a sleeper with the reason of its signal and forgets it", async () => {
    const clock = createVirtualClock(0);
    const stop = new AbortController();
    const sleeping = clock.sleep(10, stop.signal);
    stop.abort(new Error("time is up"));
    await expect(sleeping).rejects.toThrow("time is up");
    expect(clock.sleepers).toBe(0);
  });
});

describe("ids", () => {
  it.each([
    ["random", createRandomIds],
    ["counted", createCountingIds],
  ])("S11 are unique and safe in names of executions when %s", (_name, make) => {
    const ids = make();
    const seen = new Set(Array.from({ length: 10_000 }, () => ids.next()));
    expect(seen.size).toBe(10_000);
    for (const id of seen) expect(id).toMatch(/^[0-9A-Za-z-]{1,36}$/);
  });
});
