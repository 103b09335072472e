import { describe, expect, it } from "vitest";
import { awsWorld } from "../../../support/aws-world.ts";
import { aChangeable, anAwsOrder } from "../../../support/rds-builder.ts";

describe("A24 a parameter group that a database is given again", () => {
  it.each([true, false])(
    "is not given again where a person has set it back, or nobody can tell: trail readable %s",
    async (isReadable) => {
      const { clock, rds, execute, follow } = awsWorld();
      const order = anAwsOrder("use-parameter-group");
      await execute(order);
      rds.databases[0] = aChangeable();
      rds.trail.isReadable = isReadable;
      const again = await execute(order, { repeated: true });
      expect(again).toMatchObject({
        ...{ status: "running", mayHaveActed: true, undo: { actionId: "use-parameter-group" } },
        summary: expect.stringContaining("may have set it back"),
      });
      expect((await follow(order, again)).status).toBe("running");
      await clock.advance(121_000);
      expect(await follow(order, again)).toMatchObject({
        status: "failed",
        summary: expect.stringContaining("not taken, or somebody has set it back"),
      });
      expect(rds.sent).toHaveLength(1);
    },
  );

  it("is not given by a repeat while CloudTrail may yet tell of a call", async () => {
    const { rds, execute, follow } = awsWorld();
    const order = anAwsOrder("use-parameter-group");
    const again = await execute(order, { repeated: true });
    expect(again).toMatchObject({ status: "running", summary: expect.stringContaining("no call yet") });
    expect(rds.sent).toEqual([]);
    // The first attempt's call is seen later than the repeat has looked.
    await rds.send({
      operation: "ModifyDBInstance",
      input: { DBInstanceIdentifier: "orders-db", DBParameterGroupName: "bills-17" },
    });
    rds.settle();
    const back = { actionId: "use-parameter-group", input: { from: "bills-17" } };
    expect(await follow(order, again)).toMatchObject({ status: "done", undo: back });
  });

  it("is given by a repeat where no call was made", async () => {
    const { clock, rds, execute } = awsWorld();
    const quarterBefore = new Date(clock.now() - 15 * 60_000 - 1).toISOString();
    const order = anAwsOrder("use-parameter-group", { issuedAt: quarterBefore });
    expect((await execute(order, { repeated: true })).status).toBe("running");
    expect(rds.sent).toHaveLength(1);
  });
});
