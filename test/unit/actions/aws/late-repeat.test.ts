import { describe, expect, it } from "vitest";
import { awsWorld } from "../../../support/aws-world.ts";
import { anAwsOrder } from "../../../support/rds-builder.ts";

describe("a repeat that comes too late, after an attempt that nobody has heard of", () => {
  it.each(["restore-copy", "add-reader", "take-snapshot"] as const)(
    "A40 sends nothing, and follows what that may have had made: %s",
    async (id) => {
      const { rds, clock, execute, follow } = awsWorld();
      rds.made = async () => null;
      rds.snapshot = async () => null;
      const order = anAwsOrder(id, {}, id === "restore-copy" ? { at: "2026-11-21T08:30:00Z" } : {});
      await clock.advance(61_000);
      const late = await execute(order, { repeated: true });
      expect(late).toMatchObject({ status: "running", mayHaveActed: true, refusal: null });
      expect(rds.sent).toEqual([]);
      await clock.advance(121_000);
      expect(await follow(order, late)).toMatchObject({ status: "failed", mayHaveActed: true });
    },
  );

  it("A22 tells a reader that somebody deletes meanwhile as deleted, and not as never made", async () => {
    const { rds, clock, execute, follow } = awsWorld();
    const order = anAwsOrder("add-reader");
    const began = await execute(order);
    await clock.advance(130_000);
    const look = await follow(order, began);
    expect(look).toMatchObject({ status: "running", undo: { actionId: "remove-reader" } });
    rds.beside.made.splice(0, rds.beside.made.length);
    const end = await follow(order, look);
    expect(end).toMatchObject({
      status: "failed",
      summary: expect.stringContaining("somebody has deleted it"),
    });
    expect(end).not.toHaveProperty("undo");
  });
});
