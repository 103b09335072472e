import { expect, it } from "vitest";
import { createMemoryFailover } from "../../../functions/adapters/memory/memory-failover.ts";
import { drive } from "../../../functions/core/failover/drive.ts";
import { createTeller } from "../../../functions/core/failover/teller.ts";
import { aRun, quiet } from "../../support/failover-builder.ts";
import { createFailoverWorld } from "../../support/skipped-world.ts";

it("F5 a terminal whose machine slept for hours between two looks fails no primary over that is well", async () => {
  const { world, clock, skip } = createFailoverWorld(2);
  const ports = createMemoryFailover(world);
  const now = clock.now();
  const { token } = await ports.lock.take("orders-db", "run-1");
  const run = await ports.runs.save({
    ...aRun({
      phase: "catch-up",
      method: "promote-replica",
      candidate: "orders-db-1",
      oldPrimary: "orders-db",
    }),
    ...{
      group: "orders-db",
      token,
      fencedBy: "gone",
      groupsBefore: ["sg-app"],
      startedAt: now,
      phaseSince: now,
    },
    ...{ times: { ...aRun().times, approved: now }, driver: { name: "terminal#1", at: now } },
  });
  skip(5 * 3_600_000);
  const teller = createTeller(ports.voice, clock, null);
  const props = { ports, clock, teller, driver: "terminal#1", by: "effect", budgetMs: 3_600_000 } as const;
  const driven = await drive(run, { ...props, situation: async () => quiet });
  await teller.finish();
  expect(driven.run.ending).toMatchObject({ status: "held", says: expect.stringContaining("primary-alive") });
  expect(world.promoted).toEqual([]);
});
