import { describe, expect, it } from "vitest";
import type { Changeable } from "../../../../functions/core/change-ports.ts";
import { AwsError } from "../../../../functions/core/errors.ts";
import { awsWorld } from "../../../support/aws-world.ts";
import { aChangeable, anAwsOrder } from "../../../support/rds-builder.ts";

describe("A24 a value of a parameter group, by a repeat", () => {
  const grown = { values: [{ name: "max_wal_size", value: "8192", from: "4096" }] };
  const setTo = (value: string) => ({
    operation: "ModifyDBParameterGroup" as const,
    input: {
      DBParameterGroupName: "orders-17",
      Parameters: [{ ParameterName: "max_wal_size", ParameterValue: value }],
    },
  });

  it.each(["4096", "1024"])(
    "is not set again by a repeat where somebody may have set it back, to %s: it is looked for, and then has failed",
    async (value) => {
      const { rds, clock, execute, follow } = awsWorld();
      const order = anAwsOrder("change-parameter", {}, grown);
      await execute(order);
      await rds.send(setTo(value));
      const again = await execute(order, { repeated: true });
      expect(again).toMatchObject({ status: "running", mayHaveActed: true });
      expect(again.summary).toContain("may have set it back since. Nothing was sent again");
      expect((await follow(order, again)).status).toBe("running");
      await clock.advance(121_000);
      const end = await follow(order, again);
      expect(end).toMatchObject({ status: "failed", mayHaveActed: true });
      expect(end.summary).toContain("was not taken, or somebody has set it back");
      expect(rds.sent).toHaveLength(2);
    },
  );

  it("is followed by a repeat where a person has given the database another group since, with its way back", async () => {
    const { rds, execute, follow } = awsWorld();
    const order = anAwsOrder("change-parameter", {}, grown);
    rds.answers.push("lost");
    await execute(order);
    const [state] = rds.databases;
    if (state === undefined) throw new Error("no database");
    rds.databases[0] = { ...state, parameterGroups: [{ name: "persons-own-17", status: "in-sync" }] };
    const again = await execute(order, { repeated: true });
    const undo = { input: { values: [{ name: "max_wal_size", value: "4096", from: "8192" }] } };
    expect(again).toMatchObject({ status: "running", mayHaveActed: true, undo });
    expect(again.summary).toContain("does not use the parameter group orders-17");
    expect(await follow(order, again)).toMatchObject({ status: "failed", mayHaveActed: true, undo });
    expect(rds.sent).toHaveLength(1);
  });

  it("is followed by a repeat that reads the group as it was before the call, to its end and with its way back", async () => {
    const { rds, execute, follow } = awsWorld();
    const order = anAwsOrder("change-parameter", {}, grown);
    const again = await execute(order, { repeated: true });
    const undo = { input: { values: [{ name: "max_wal_size", value: "4096", from: "8192" }] } };
    expect(again).toMatchObject({ status: "running", mayHaveActed: true, undo });
    await rds.send(setTo("8192"));
    expect(await follow(order, again)).toMatchObject({ status: "done", undo });
    expect(rds.sent).toHaveLength(1);
  });

  it.each([
    ["somebody uses the group by now", { status: "pending-reboot" }, true, "done"],
    ["it could not be applied", { status: "failed-to-apply" }, false, "failed"],
  ])("is followed by a repeat, and not refused, where %s", async (_what, group, isShared, end) => {
    const parameterGroups = [{ name: "orders-17", ...group }];
    const { rds, execute, follow } = awsWorld({ parameterGroups });
    const order = anAwsOrder("change-parameter", {}, grown);
    await rds.send(setTo("8192"));
    if (isShared) rds.databases.push(aChangeable({ id: "bills-db", resourceId: "db-B", parameterGroups }));
    const again = await execute(order, { repeated: true });
    expect(again).toMatchObject({ status: "running", mayHaveActed: true });
    expect(again.summary).toContain("Nothing was sent again");
    expect((await follow(order, again)).status).toBe(end);
    expect(rds.sent).toHaveLength(1);
  });

  it("is followed by a repeat whose own call RDS refuses", async () => {
    const { rds, execute } = awsWorld({ parameterGroups: [{ name: "orders-17", status: "pending-reboot" }] });
    const order = anAwsOrder("change-parameter");
    await execute(order);
    rds.answers.push(new AwsError("InvalidDBParameterGroupState", true, "being changed"));
    expect(await execute(order, { repeated: true })).toMatchObject({ status: "running", mayHaveActed: true });
  });
});

describe("A24 what was set and did not come to its good end", () => {
  const order = anAwsOrder(
    "change-parameter",
    {},
    { values: [{ name: "max_wal_size", value: "8192", from: "4096" }] },
  );
  const undo = { input: { values: [{ name: "max_wal_size", value: "4096", from: "8192" }] } };
  const grouped = (state: Changeable | undefined, name: string, status: string): Changeable => {
    if (state === undefined) throw new Error("no database");
    return { ...state, parameterGroups: [{ name, status }] };
  };

  it.each([
    ["the database uses the group no more", "persons-own-17", "in-sync", 0, "failed"],
    ["it could not be applied", "orders-17", "failed-to-apply", 0, "failed"],
    ["it was applied for as long as anybody waits", "orders-17", "applying", 900, "not-verified"],
  ])("keeps its way back where %s", async (_why, name, status, seconds, end) => {
    const { rds, clock, execute, follow } = awsWorld();
    const began = await execute(order);
    rds.databases[0] = grouped(rds.databases[0], name, status);
    await clock.advance(seconds * 1000);
    expect(await follow(order, began)).toMatchObject({ status: end, mayHaveActed: true, undo });
  });

  it("has none where nothing of it is there", async () => {
    const { rds, clock, execute, follow } = awsWorld();
    rds.answers.push(new AwsError("TimeoutError", false, "no answer came"));
    const began = await execute(order);
    await clock.advance(121_000);
    const end = await follow(order, began);
    expect(end.status).toBe("failed");
    expect(end.undo).toBeUndefined();
  });

  it.each([
    ["use-parameter-group", { from: "bills-17", to: "orders-17" }],
    ["own-parameter-group", { from: "responder-orders-db-17", to: "orders-17" }],
  ] as const)("%s keeps its way back where the new group could not be applied", async (id, back) => {
    const { rds, execute, follow } = awsWorld();
    const given = anAwsOrder(id);
    const began = await execute(given);
    rds.databases[0] = grouped(rds.databases[0], back.from, "failed-to-apply");
    expect(await follow(given, began)).toMatchObject({
      ...{ status: "failed", mayHaveActed: true },
      undo: { actionId: "use-parameter-group", input: back },
    });
  });
});
