import { describe, expect, it } from "vitest";
import type { ParameterState } from "../../../../functions/core/change-ports.ts";
import { awsWorld } from "../../../support/aws-world.ts";
import { anAwsOrder } from "../../../support/rds-builder.ts";

const wal = (more: object) => ({ values: [{ name: "max_wal_size", value: "8192", ...more }] });
const order = (input: object) => anAwsOrder("change-parameter", {}, input);

/** orders-17, in which a person has set max_wal_size meanwhile. */
async function raisedTo(value: string) {
  const world = awsWorld();
  const values = [{ name: "max_wal_size", value }];
  const began = await world.execute(order({ values }));
  expect(began.status).toBe("running");
  return world;
}

describe("A24 a parameter that has changed between card and click", () => {
  it("is not lowered again: old, now and wanted are said", async () => {
    const { rds, execute } = await raisedTo("16384");
    const { refusal } = await execute(order(wal({ seen: "4096", towards: "higher" })));
    expect(refusal).toMatchObject({
      guard: "state-changed",
      reason: expect.stringContaining(
        "max_wal_size was 4096 when this was proposed, is 16384 now, and was to become 8192",
      ),
    });
    expect(rds.sent).toHaveLength(1);
  });

  it("is set where it is what was seen, in whatever unit", async () => {
    const { rds, execute } = await raisedTo("5120");
    expect((await execute(order(wal({ seen: "5GB" })))).status).toBe("running");
    expect(rds.sent).toHaveLength(2);
  });

  it("is not set where what it was had not been seen, and it has come further by itself", async () => {
    const { rds, execute } = await raisedTo("16384");
    const { refusal } = await execute(order(wal({ towards: "higher" })));
    expect(refusal).toMatchObject({
      guard: "state-changed",
      reason: expect.stringMatching(/max_wal_size is 16384 now, and was to become 8192.*had not been seen/),
    });
    expect(rds.sent).toHaveLength(1);
    expect((await execute(order(wal({ towards: "lower" })))).status).toBe("running");
  });

  it("is set where nobody has set it in the group, whatever its default was seen to be", async () => {
    const { rds, execute } = awsWorld();
    const values = [{ name: "long_query_time", value: "1", seen: "10.000000", towards: "lower" }];
    expect((await execute(order({ values }))).status).toBe("running");
    expect(rds.sent).toHaveLength(1);
  });

  it("is no person's where RDS's own formula stands, and a person's formula cannot be compared", async () => {
    const formula = { name: "max_wal_size", value: "{DBInstanceClassMemory/4194304}" };
    const state = (isSet: boolean): ParameterState => ({
      ...formula,
      isSet,
      dynamic: true,
      modifiable: true,
    });
    const own = awsWorld({}, [state(false)]);
    expect((await own.execute(order(wal({ seen: "4096" })))).status).toBe("running");
    const set = awsWorld({}, [state(true)]);
    expect((await set.execute(order(wal({ seen: "4096" })))).refusal?.reason).toContain(
      "is {DBInstanceClassMemory/4194304} now",
    );
  });

  it("is done already where somebody has set what was wanted", async () => {
    const { execute } = await raisedTo("8192");
    expect((await execute(order(wal({ seen: "4096" })))).status).toBe("already-done");
  });

  it("holds for the slow query log, too", async () => {
    const { rds, execute } = awsWorld();
    const seen = { seen: { log_min_duration_statement: "-1" } };
    await execute(anAwsOrder("enable-slow-query-log", {}, { seconds: 0.2 }));
    const { refusal } = await execute(anAwsOrder("enable-slow-query-log", {}, seen));
    expect(refusal?.reason).toContain(
      "log_min_duration_statement was -1 when this was proposed, is 200 now, and was to become 1000",
    );
    expect((await execute(anAwsOrder("enable-slow-query-log"))).refusal?.guard).toBe("state-changed");
    expect(rds.sent).toHaveLength(1);
  });

  it("is not put into a group of its own below what the old one has by now", async () => {
    const { rds, execute } = await raisedTo("16384");
    const { refusal } = await execute(
      anAwsOrder("own-parameter-group", {}, wal({ seen: "4096", towards: "higher" })),
    );
    expect(refusal).toMatchObject({ guard: "state-changed", reason: expect.stringContaining("16384 now") });
    expect(rds.sent).toHaveLength(1);
  });
});
