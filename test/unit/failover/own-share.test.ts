import { describe, expect, it } from "vitest";
import { createMemoryFailover } from "../../../functions/adapters/memory/memory-failover.ts";
import { newRun } from "../../../functions/core/contract/failover.ts";
import { driveFor } from "../../../functions/core/failover/machine-steps.ts";
import { anInput, quiet } from "../../support/failover-builder.ts";
import { createFailoverWorld } from "../../support/skipped-world.ts";

/** Of the model: a security group, a restart behind it, a promotion. */
const transitionsMs = 3000 + 8000 + 20_000;

/** A primary that was killed two minutes ago, failed over by one driver; time passes only while somebody waits. */
async function failedOver() {
  const { world, clock, skip } = createFailoverWorld(2);
  const primary = world.set.servers.get("orders-db");
  if (primary === undefined) throw new Error("there is no primary");
  primary.power = "down";
  skip(120_000);
  const memory = createMemoryFailover(world);
  const calls = { get: 0, approval: 0 };
  const ports = {
    ...memory,
    runs: {
      ...memory.runs,
      get: (id: string) => {
        calls.get += 1;
        return memory.runs.get(id);
      },
    },
    voice: {
      ...memory.voice,
      approval: (id: string) => {
        calls.approval += 1;
        return memory.voice.approval(id);
      },
    },
  };
  const first = newRun("run-1", anInput(), clock.now(), true);
  const run = await ports.runs.save({ ...first, driver: { name: "d#1", at: clock.now() } });
  const deps = { ports, clock, situation: async () => quiet };
  return { run: (await driveFor(run, "d#1", "effect", 600_000, deps)).run, calls };
}

describe("our own share of a failover", () => {
  it("F9 is under two seconds of waiting from the start to the name, beside what RDS takes", async () => {
    const { run } = await failedOver();
    expect(run.ending?.status).toBe("done");
    const took = (run.times.repointed ?? Number.NaN) - run.startedAt;
    expect(took - transitionsMs).toBeGreaterThanOrEqual(0);
    expect(took - transitionsMs).toBeLessThan(2000);
  });

  it("F9 asks the store for nothing between two looks: what was written last is known, and a conflict tells of others", async () => {
    const { calls } = await failedOver();
    expect(calls).toEqual({ get: 0, approval: 2 });
  });
});
