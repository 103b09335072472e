import { describe, expect, it } from "vitest";
import { createMemoryFailover } from "../../../functions/adapters/memory/memory-failover.ts";
import { messageOf } from "../../../functions/core/errors.ts";
import { aRun } from "../../support/failover-builder.ts";
import { createStore } from "../../support/failover-days-store.ts";
import { seeded } from "../../support/seeded.ts";
import { createFailoverWorld } from "../../support/skipped-world.ts";

/** What became of that many saves and reads, each of which something befalls. */
async function befallen(times: number) {
  const world = { ...createFailoverWorld(2).world, at: (_: number, what: () => void) => what() };
  const { runs } = createMemoryFailover(world);
  const store = createStore(runs, { world, random: seeded(1), fails: () => 1 });
  const heard = new Set<string>();
  for (let time = 0; time < times; time += 1) {
    const before = (await runs.get("run-1")) ?? aRun();
    const saved = await store.save(before).then(() => "saved", messageOf);
    const took = (await runs.get("run-1"))?.revision === before.revision + 1;
    const says = saved.replace(/revision \d+/, "its revision");
    heard.add(`${says}: ${took ? "written" : "not written"}`);
    heard.add(`read: ${await store.get("run-1").then(() => "answered", messageOf)}`);
  }
  return [...heard].toSorted();
}

describe("the table of the runs, of which the days lose calls", () => {
  it("is throttled, loses answers before and behind a write, finds its own write, and comes late", async () => {
    expect(await befallen(200)).toEqual([
      "no answer came: not written",
      "no answer came: written",
      "read: answered",
      "read: no answer came",
      "read: too many",
      "run run-1 is no longer at its revision: written",
      "saved: written",
      "too many: not written",
    ]);
  });
});
