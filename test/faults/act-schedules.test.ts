import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { executeAwsOrder } from "../../functions/core/actions/execute-aws.ts";
import type { Outcome, WorkOrder } from "../../functions/core/contract/work-order.ts";
import { onEndpoint } from "../contract/on-endpoint.ts";
import { type FaultProxy, startFaultProxy } from "../lab/endpoint/fault-proxy.ts";
import { awsWorld } from "../support/aws-world.ts";
import { makeSchedule, roleArn, schedulesOn, shownSchedule } from "../support/eventbridge-endpoint.ts";
import { anAwsOrder } from "../support/rds-builder.ts";
import { type AwsFault, faultBefore } from "./aws-faults.ts";

const kinds = [
  { kind: "rule", call: "events:DisableRule", group: "default", role: null },
  { kind: "schedule", call: "scheduler:UpdateSchedule", group: "jobs", role: roleArn },
] as const;
const refused: readonly AwsFault[] = ["throttled", "refused"];
const unanswered: readonly AwsFault[] = ["broken down", "hung", "reset", "half-answered", "lost"];

await onEndpoint("schedules behind faults", (aws) => {
  let proxy: FaultProxy;
  beforeAll(async () => {
    proxy = await startFaultProxy("http", aws.endpoint ?? "");
    // Endpoint and proxy load a service with its first call, which takes longer than anybody waits.
    const patient = schedulesOn({ ...aws, endpoint: `http://127.0.0.1:${proxy.port}` }, 60_000);
    for (const { kind, group } of kinds) await patient.look({ kind, name: "none", group });
  });
  afterAll(() => proxy?.stop());

  let made = 0;
  async function scene({ kind, call, group, role }: (typeof kinds)[number], fault: AwsFault) {
    made += 1;
    const of = { kind, name: `faulty-${made}`, group };
    await proxy.inject([]);
    await makeSchedule(aws, of);
    const before = await shownSchedule(aws, of);
    const { rds, clock } = awsWorld();
    const order = anAwsOrder("pause-schedule", {}, { ...of, roleArn: role });
    const execute = (given: WorkOrder, repeated = false): Promise<Outcome> => {
      const schedules = schedulesOn({ ...aws, endpoint: `http://127.0.0.1:${proxy.port}` }, 1500);
      return executeAwsOrder(given, { rds, clock, schedules, repeated }, AbortSignal.timeout(20_000));
    };
    await proxy.inject([faultBefore(call, fault, 1)]);
    const outcome = await execute(order);
    expect(await proxy.fired(), outcome.summary).toHaveLength(1);
    const paused = { ...before, State: "DISABLED" };
    return { outcome, before, paused, order, execute, now: () => shownSchedule(aws, of) };
  }

  describe.each(kinds)("a $kind", (kind) => {
    it.each(refused)("Q9 is as it was, and that is said, when its call is %s", async (fault) => {
      const { outcome, before, now } = await scene(kind, fault);
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "aws-refused" } });
      expect(await now()).toEqual(before);
    });

    it.each(unanswered)(
      "Q9 is paused or not, never called what it is not, when its call is %s",
      async (fault) => {
        const { outcome, before, paused, now, order, execute } = await scene(kind, fault);
        expect(outcome).toMatchObject({ mayHaveActed: true, undo: { input: { runs: true } } });
        const isDone = outcome.status === "done";
        expect(await now()).toEqual(isDone ? paused : before);
        if (!isDone)
          expect(outcome).toMatchObject({ status: "failed", summary: expect.stringContaining("not known") });
        const again = await execute(order, true);
        // As it was before: it never was paused, or a person has resumed it; nothing is sent over that.
        expect(again).toMatchObject(
          isDone
            ? { status: "already-done", undo: { input: { runs: true } } }
            : { status: "refused", refusal: { guard: "set-back" } },
        );
        expect(await now()).toEqual(isDone ? paused : before);
      },
    );
  });
});
