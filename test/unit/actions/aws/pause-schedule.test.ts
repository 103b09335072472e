import { describe, expect, it } from "vitest";
import { createMemorySchedules } from "../../../../functions/adapters/memory/memory-schedules.ts";
import { executeAwsOrder } from "../../../../functions/core/actions/execute-aws.ts";
import type { WorkOrder } from "../../../../functions/core/contract/work-order.ts";
import { AwsError } from "../../../../functions/core/errors.ts";
import type { ScheduleState } from "../../../../functions/core/schedule-ports.ts";
import { awsWorld } from "../../../support/aws-world.ts";
import { anAwsOrder } from "../../../support/rds-builder.ts";

const roleArn = "arn:aws:iam::123456789012:role/report";
const nightly = {
  ...{ state: "ENABLED", expression: "rate(5 minutes)", timezone: null, startsAt: null, endsAt: null },
  ...{ managedBy: null, roleArn: null, mark: "one" },
};
const day = 86_400_000;

function world(state: Partial<ScheduleState> | null = {}) {
  const { rds, clock } = awsWorld();
  const schedules = createMemorySchedules();
  if (state !== null) schedules.kept.set("rule default/nightly", { ...nightly, ...state });
  const execute = (input: object = {}, options: object = {}, order: Partial<WorkOrder> = {}) =>
    executeAwsOrder(
      anAwsOrder("pause-schedule", order, input),
      { rds, clock, schedules, repeated: false, ...options },
      AbortSignal.timeout(5000),
    );
  return { schedules, clock, execute };
}

describe("A14 a schedule of EventBridge", () => {
  it("is paused, once, and resumed by its undo", async () => {
    const { schedules, execute } = world();
    const paused = await execute();
    expect(paused).toMatchObject({
      ...{ status: "done", undo: { actionId: "pause-schedule", input: { runs: true, mark: "one" } } },
      summary: expect.stringContaining("is DISABLED. What it has begun goes on"),
    });
    expect(await execute()).toMatchObject({ status: "already-done", mayHaveActed: false });
    expect(await execute(JSON.parse(JSON.stringify(paused.undo?.input)))).toMatchObject({ status: "done" });
    expect(schedules.turned).toEqual(["rule default/nightly false", "rule default/nightly true"]);
  });

  it("keeps its undo where an earlier attempt has paused it, or its answer was lost", async () => {
    const { schedules, execute } = world();
    schedules.answers.push("lost");
    expect(await execute()).toMatchObject({ status: "done", undo: { input: { runs: true } } });
    expect(await execute({}, { repeated: true })).toMatchObject({
      ...{ status: "already-done", undo: { input: { runs: true, mark: "one" } } },
      summary: expect.stringContaining("by an earlier attempt"),
    });
    expect(schedules.turned).toHaveLength(1);
  });

  it("is not sent again by a repeat: somebody may have set it back, and a person decides", async () => {
    const { schedules, execute } = world();
    expect(await execute()).toMatchObject({ status: "done" });
    schedules.kept.set("rule default/nightly", nightly);
    expect(await execute({}, { repeated: true })).toMatchObject({
      ...{ status: "refused", refusal: { guard: "set-back" } },
    });
    expect(schedules.turned).toHaveLength(1);
  });

  it.each<[string, Partial<ScheduleState> | null, object]>([
    ["no-such-schedule", null, {}],
    ["managed", { managedBy: "autoscaling.amazonaws.com" }, {}],
    ["cannot-keep", { state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" }, {}],
    ["another-role", { roleArn }, {}],
    ["cannot-keep", { startsAt: 0 }, {}],
    ["changed-since", { state: "DISABLED", mark: "two" }, { runs: true, mark: "one" }],
    ["time-passed", { state: "DISABLED", expression: "at(2020-01-01T00:00:00)" }, { runs: true }],
    ["time-passed", { state: "DISABLED", endsAt: 1 }, { runs: true }],
  ])("is left alone: %s", async (guard, state, input) => {
    const { schedules, execute } = world(state);
    expect(await execute(input)).toMatchObject({ status: "refused", refusal: { guard } });
    expect(schedules.turned).toEqual([]);
  });

  it("that is to run once gets no undo, and is resumed only where its time has surely not come", async () => {
    const { clock, execute } = world();
    const at = (ms: number) => `at(${new Date(clock.now() + ms).toISOString().slice(0, 19)})`;
    const once = world({ expression: at(2 * day) });
    const paused = await once.execute();
    expect(paused).toMatchObject({ status: "done", summary: expect.stringContaining("there is no undo") });
    expect(paused.undo).toBeUndefined();
    expect(await once.execute({ runs: true })).toMatchObject({ status: "done" });
    const soon = world({ expression: at(day / 4), state: "DISABLED" });
    expect(await soon.execute({ runs: true })).toMatchObject({ refusal: { guard: "time-passed" } });
    expect(await execute({}, { schedules: null })).toMatchObject({ refusal: { guard: "no-schedules" } });
  });

  it("is looked for where the function that paused it was lost, and keeps its undo", async () => {
    const { schedules, clock, execute } = world();
    const startedAt = new Date(clock.now()).toISOString();
    const until = new Date(clock.now() + day).toISOString();
    const follows = { startedAt, until, handle: {}, mayTidy: true };
    expect(await execute({}, {}, { follows })).toMatchObject({ status: "running" });
    await schedules.turn({ kind: "rule", group: "default", name: "nightly" }, { on: false, mark: "one" });
    expect(await execute({}, {}, { follows })).toMatchObject({
      status: "done",
      undo: { input: { runs: true } },
    });
    const other = world();
    await other.clock.advance(61_000);
    const expiresAt = new Date(other.clock.now() + 60_000).toISOString();
    expect(await other.execute({}, {}, { follows, expiresAt })).toMatchObject({
      ...{ status: "failed", summary: expect.stringContaining("is ENABLED. Nothing was done") },
    });
  });

  it.each([1, 2])(
    "whose look number %i after the check fails is told by what was sent until then",
    async (look) => {
      const { schedules, execute } = world();
      const { look: read } = schedules;
      let looks = -1;
      schedules.look = async (...args) => {
        looks += 1;
        if (looks === look) throw new AwsError("ThrottlingException", true, "Rate exceeded");
        return read(...args);
      };
      schedules.answers.push("lost");
      const outcome = await execute();
      expect(outcome).toMatchObject(
        look === 1
          ? { status: "refused", mayHaveActed: false, refusal: { guard: "rds-not-now" } }
          : { status: "failed", mayHaveActed: true, undo: { input: { runs: true } } },
      );
      expect(outcome.summary).toContain(look === 1 ? "Nothing was sent" : "could not be seen either");
      expect(schedules.turned).toHaveLength(look - 1);
    },
  );

  it("says what EventBridge refused, and that nobody knows where there was no answer", async () => {
    const { schedules, execute } = world();
    schedules.answers.push(new AwsError("AccessDeniedException", true, "iam:PassRole"));
    expect(await execute()).toMatchObject({ status: "refused", refusal: { guard: "aws-refused" } });
    schedules.answers.push(new AwsError("TimeoutError", false, "no answer in time"));
    expect(await execute()).toMatchObject({
      ...{ status: "failed", mayHaveActed: true, undo: { input: { runs: true } } },
      summary: expect.stringContaining("is not known"),
    });
  });
});
