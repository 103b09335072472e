import { expect, it } from "vitest";
import { createMemoryFailover } from "../../../functions/adapters/memory/memory-failover.ts";
import { drive } from "../../../functions/core/failover/drive.ts";
import { createTeller } from "../../../functions/core/failover/teller.ts";
import { watched } from "../../../functions/core/failover/watch-duty.ts";
import { aRun, quiet } from "../../support/failover-builder.ts";
import { createFailoverWorld } from "../../support/skipped-world.ts";

const minute = 60_000;

it("F5 a run in place that goes stale within one look begins anew by a look of its own: what the failover before left is asked for", async () => {
  const { world, clock, skip } = createFailoverWorld(2);
  const ports = createMemoryFailover(world);
  const now = clock.now();
  // orders-db was left by an earlier failover; whom that one promoted RDS does not show here.
  const left = aRun({
    ...{ id: "run-0", phase: "ended", method: "promote-replica", candidate: "orders-live" },
    ...{ oldPrimary: "orders-db", phaseSince: now },
    ending: { status: "done", phase: "rebuild", says: "x", nextCommand: "y" },
  });
  await ports.runs.save(watched(left, now));
  world.topology = {
    lastRun: "run-0",
    lastCall: { at: new Date(now - 3_600_000).toISOString(), by: "run-0" },
  };
  const { token } = await ports.lock.take("orders-db", "run-1");
  const [names, at] = [[{ kind: "route53" as const, zoneId: "Z1", record: "orders.internal" }], now];
  const run = await ports.runs.save({
    ...aRun({ phase: "check", method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db" }),
    ...{
      group: "orders-db",
      token,
      groupsBefore: ["sg-app"],
      names,
      startedAt: at,
      saidAt: at,
      phaseSince: at,
    },
    ...{ times: { ...aRun().times, approved: at }, checkedAt: at, driver: { name: "terminal#1", at } },
  });
  const old = world.set.servers.get("orders-db");
  if (old !== undefined) old.power = "down";
  skip(15 * minute + 50_000);
  await ports.runs.save({ ...run, lookedAt: clock.now(), sawAt: clock.now() });
  const { describe } = ports.controlPlane;
  let looks = 0;
  const slow: typeof describe = async (...given) => {
    looks += 1;
    if (looks === 1) skip(20_000);
    return describe(...given);
  };
  const deps = { ...ports, controlPlane: { ...ports.controlPlane, describe: slow } };
  const teller = createTeller(ports.voice, clock, null);
  const props = {
    ports: deps,
    clock,
    teller,
    driver: "terminal#1",
    by: "effect",
    budgetMs: 3_600_000,
  } as const;
  const first = (await ports.runs.get("run-1")) ?? run;
  const driven = await drive(first, { ...props, situation: async () => quiet });
  await teller.finish();
  expect(driven.run.ending?.says).toContain("left-before");
  expect(world.promoted).toEqual([]);
});
