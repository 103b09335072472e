import { describe, expect, it } from "vitest";
import { awsWorld } from "../../../support/aws-world.ts";
import { aChangeable, anAwsOrder, changeableTarget } from "../../../support/rds-builder.ts";

const onMysql = { target: { ...changeableTarget, engine: "mysql" as const } };

describe("A25 the slow query log", () => {
  it("is one value of PostgreSQL, taken back by the value of before", async () => {
    const { rds, execute, follow } = awsWorld();
    const order = anAwsOrder("enable-slow-query-log");
    const began = await execute(order);
    expect(rds.sent.map(({ input }) => input["Parameters"])).toEqual([
      [{ ParameterName: "log_min_duration_statement", ParameterValue: "1000", ApplyMethod: "immediate" }],
    ]);
    const back = {
      actionId: "change-parameter",
      input: { of: "orders-17", values: [{ name: "log_min_duration_statement", value: "-1" }] },
      preview: expect.stringContaining("ParameterName=log_min_duration_statement,ParameterValue=-1"),
    };
    expect(began.undo).toMatchObject(back);
    const done = await follow(order, began);
    expect(done).toMatchObject({ status: "done", undo: back });
    expect((await execute(order)).status).toBe("already-done");
  });

  it("is not taken back, and no parameter is changed, over what somebody has set since", async () => {
    const { rds, execute, follow } = awsWorld();
    const order = anAwsOrder("enable-slow-query-log");
    const { undo } = await follow(order, await execute(order));
    await execute(anAwsOrder("enable-slow-query-log", {}, { seconds: 0.2 }));
    const sent = rds.sent.length;
    const { refusal } = await execute(anAwsOrder("change-parameter", {}, Object(undo?.input)));
    expect(refusal).toMatchObject({
      guard: "state-changed",
      reason: expect.stringContaining("log_min_duration_statement is 200 and not 1000 any more"),
    });
    expect(rds.sent).toHaveLength(sent);
  });

  it.each(["mysql", "mariadb"] as const)(
    "is three values of %s, into files; where one had its default there is no undo by a call",
    async (engine) => {
      const { rds, execute } = awsWorld({ engine });
      const target = { ...changeableTarget, engine };
      const seen = { slow_query_log: "OFF", log_output: "TABLE" };
      const began = await execute(anAwsOrder("enable-slow-query-log", { target }, { seconds: 0.5, seen }));
      expect(began.status).toBe("running");
      expect(JSON.stringify(rds.sent)).toMatch(
        /slow_query_log.*"1".*long_query_time.*"0.5".*log_output.*"FILE"/,
      );
      expect(began).not.toHaveProperty("undo");
    },
  );

  it.each([
    ["log_output", { slow_query_log: "OFF" }, "log_output is set to TABLE now, and was to become FILE"],
    ["slow_query_log", { log_output: "TABLE" }, "slow_query_log is set to 0 now, and was to become 1"],
  ])("leaves what somebody has chosen of %s where it had not been seen", async (_name, seen, says) => {
    const { rds, execute } = awsWorld({ engine: "mysql" });
    const { refusal } = await execute(anAwsOrder("enable-slow-query-log", onMysql, { seen }));
    expect(refusal).toMatchObject({ guard: "state-changed", reason: expect.stringContaining(says) });
    expect(rds.sent).toEqual([]);
  });

  it.each([
    ["from what the group had", { from: "4096" }, "4096"],
    ["from what the database had, in the group's own unit", { seen: "4GB" }, "4096"],
  ])("is kept by a repeat that finds the change made: its way back, %s", async (_what, more, value) => {
    const { rds, execute } = awsWorld();
    rds.answers.push("lost");
    const values = [{ name: "max_wal_size", value: "8192", ...more }];
    const order = anAwsOrder("change-parameter", {}, { values });
    await execute(order);
    rds.settle();
    const again = await execute(order, { repeated: true });
    expect(again).toMatchObject({
      ...{ status: "already-done", mayHaveActed: true },
      undo: { input: { values: [{ name: "max_wal_size", value, from: "8192" }] } },
    });
    expect(again.summary).toContain("An earlier attempt at this order may have set it.");
    expect(await execute(order)).not.toHaveProperty("undo");
    expect(rds.sent).toHaveLength(1);
  });

  it("has no way back to a value that nobody saw, a repeat's that is sent once more neither", async () => {
    const { rds, execute } = awsWorld({
      parameterGroups: [{ name: "orders-17", status: "pending-reboot" }],
    });
    const order = anAwsOrder("change-parameter");
    await execute(order);
    expect(await execute(order, { repeated: true })).not.toHaveProperty("undo");
    const seen = anAwsOrder(
      "change-parameter",
      {},
      {
        values: [{ name: "max_wal_size", value: "8192", seen: "4GB" }],
      },
    );
    expect(await execute(seen, { repeated: true })).toMatchObject({
      undo: { input: { values: [{ value: "4096" }] } },
    });
    expect(rds.sent).toHaveLength(3);
  });

  it.each([
    ["default-group", { of: "default.mysql8.4" }],
    ["another-database", { of: "bills-8" }],
    ["unknown-action", { seconds: 0 }],
  ])("is refused by %s for %j", async (guard, input) => {
    const { rds, execute } = awsWorld();
    expect((await execute(anAwsOrder("enable-slow-query-log", onMysql, input))).refusal?.guard).toBe(guard);
    expect(rds.sent).toEqual([]);
  });

  it("is refused where others use the group, who were not shown", async () => {
    const { rds, execute } = awsWorld();
    rds.databases.push(aChangeable({ id: "bills-db" }));
    const { refusal } = await execute(anAwsOrder("enable-slow-query-log"));
    expect(refusal?.guard).toBe("shared-group");
    expect(rds.sent).toEqual([]);
  });
});
