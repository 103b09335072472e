import { describe, expect, it } from "vitest";
import { AwsError } from "../../../../functions/core/errors.ts";
import { awsWorld } from "../../../support/aws-world.ts";
import { aChangeable, anAwsOrder } from "../../../support/rds-builder.ts";

describe.each(["scale-instance-class", "grow-storage", "tune-storage"] as const)(
  "A0 %s, again after an attempt that died",
  (id) => {
    const order = anAwsOrder(id);

    it("finds its own change that is accepted while the status is still available", async () => {
      const { rds, execute, follow } = awsWorld();
      rds.answers.push("slow");
      await execute(order);
      expect(rds.databases[0]).toMatchObject({ status: "available" });
      expect(rds.databases[0]?.pending).not.toEqual([]);
      const again = await execute(order, { repeated: true });
      expect(again).toMatchObject({ status: "running", mayHaveActed: true });
      expect(again.summary).toContain("Found under way");
      expect(rds.sent).toHaveLength(1);
      rds.settle();
      expect((await follow(order, again)).status).toBe("done");
    });

    it("finds its own change done, and keeps what takes it back where the order tells that", async () => {
      const { rds, execute } = awsWorld();
      await execute(order);
      rds.settle();
      const again = await execute(order, { repeated: true });
      expect(again).toMatchObject({ status: "already-done", mayHaveActed: true });
      expect(again.summary).toContain("An earlier attempt at this order may have done it.");
      if (id === "scale-instance-class")
        expect(again.undo).toMatchObject({ actionId: id, input: { to: "db.m7g.large" } });
      expect(await execute(order)).not.toHaveProperty("undo");
    });

    it("follows what it may have sent when it is modifying and nothing is told to wait", async () => {
      const { rds, execute, follow } = awsWorld({ status: "modifying" });
      const again = await execute(order, { repeated: true });
      expect(again).toMatchObject({ status: "running", mayHaveActed: true });
      expect(again.summary).toContain("nothing was sent again");
      expect(rds.sent).toEqual([]);
      expect((await follow(order, again)).status).toBe("running");
    });

    it.each(["InvalidDBInstanceStateFault", "InvalidParameterCombination"])(
      "follows when RDS says %s, and tells in the end that it was never taken",
      async (code) => {
        const { rds, clock, execute, follow } = awsWorld();
        rds.answers.push(new AwsError(code, true, "said RDS"));
        const again = await execute(order, { repeated: true });
        expect(again).toMatchObject({ status: "running", mayHaveActed: true });
        expect(again.summary).toContain(`${code}: said RDS`);
        await clock.advance(301_000);
        expect(await follow(order, again)).toMatchObject({ status: "failed", mayHaveActed: true });
      },
    );

    it("is sent when nothing of it is there", async () => {
      const { rds, execute } = awsWorld();
      expect((await execute(order, { repeated: true })).status).toBe("running");
      expect(rds.sent).toHaveLength(1);
    });

    it("stays refused for another database of that name", async () => {
      const { rds, execute } = awsWorld({ resourceId: "db-ANOTHER" });
      const { refusal, mayHaveActed } = await execute(order, { repeated: true });
      expect([refusal?.guard, mayHaveActed]).toEqual(["another-database", false]);
      expect(rds.sent).toEqual([]);
    });
  },
);

describe("A20 what waits with the wanted class", () => {
  const order = anAwsOrder("scale-instance-class");
  const waits = (value: string) => ({ pending: [{ name: "DBInstanceClass", value }] });

  it("is sent at the first attempt: it may wait for the maintenance window", async () => {
    const { rds, execute } = awsWorld(waits("db.m7g.xlarge"));
    expect((await execute(order)).status).toBe("running");
    expect(rds.sent).toHaveLength(1);
  });

  it.each([
    ["a backup", "backing-up", true],
    ["a backup", "backing-up", false],
    ["a restart", "rebooting", true],
    ["a volume that is optimized", "storage-optimization", true],
  ])(
    "is not under way by %s (%s; shown: %s): nothing would ever come of it",
    async (_what, status, isShown) => {
      const { rds, execute } = awsWorld({ ...waits("db.m7g.xlarge"), status });
      const input = isShown ? { pending: ["DBInstanceClass=db.m7g.xlarge"] } : {};
      const outcome = await execute(anAwsOrder("scale-instance-class", {}, input));
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "database-status" } });
      expect(rds.sent).toEqual([]);
    },
  );

  it("is followed when the instance is being modified for it", async () => {
    const { rds, execute } = awsWorld({ ...waits("db.m7g.xlarge"), status: "modifying" });
    expect((await execute(order)).summary).toContain("Found under way");
    expect(rds.sent).toEqual([]);
  });

  it("is looked for by a repeat during a backup: its first attempt may have sent it", async () => {
    const { rds, execute } = awsWorld({ ...waits("db.m7g.xlarge"), status: "backing-up" });
    const input = { pending: ["DBInstanceClass=db.m7g.xlarge"] };
    const again = await execute(anAwsOrder("scale-instance-class", {}, input), { repeated: true });
    expect(again).toMatchObject({ status: "running", mayHaveActed: true });
    expect(again.summary).toContain("nothing was sent again");
    expect(rds.sent).toEqual([]);
  });

  it("is another's when it is another class, also while it is modified", async () => {
    const { execute } = awsWorld(waits("db.m7g.4xlarge"));
    expect((await execute(order)).refusal?.guard).toBe("pending-changes");
    const modifying = awsWorld({ ...waits("db.m7g.4xlarge"), status: "modifying" });
    expect((await modifying.execute(order)).refusal?.guard).toBe("database-status");
  });
});

describe("A23 an instance that is full", () => {
  it("is told to have got nothing of a call that was lost, and not waited for", async () => {
    const { rds, clock, execute, follow } = awsWorld({ status: "storage-full" });
    rds.answers.push(new AwsError("TimeoutError", false, "socket hang up"));
    const order = anAwsOrder("grow-storage");
    const began = await execute(order);
    expect((await follow(order, began)).status).toBe("running");
    await clock.advance(301_000);
    expect(await follow(order, began)).toMatchObject({
      ...{ status: "failed", mayHaveActed: true },
      summary: expect.stringContaining("storage-full"),
    });
  });

  it("is followed while its new size waits", async () => {
    const { rds, clock, execute, follow } = awsWorld({ status: "storage-full" });
    const order = anAwsOrder("grow-storage");
    const began = await execute(order);
    rds.databases[0] = aChangeable({
      ...{ status: "storage-full", pending: [{ name: "AllocatedStorage", value: "120" }] },
    });
    await clock.advance(301_000);
    expect((await follow(order, began)).status).toBe("running");
  });
});
