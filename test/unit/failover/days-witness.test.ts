import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { aRun } from "../../support/failover-builder.ts";
import type { Hands } from "../../support/failover-days-people.ts";
import { createGroupRecords } from "../../support/failover-days-records.ts";
import { createWriters, type Write } from "../../support/failover-days-writers.ts";
import { createFailoverWorld } from "../../support/skipped-world.ts";

/** The days' witness, told of deeds that no failover should do. */
function watching(change: Partial<FailoverRun> = {}, others: readonly FailoverRun[] = []) {
  const { world, clock, skip } = createFailoverWorld(2);
  const { servers } = world.set;
  const hands: Hands = {
    world,
    resources: new Map([...servers.keys()].map((id) => [id, `res-${id}`])),
    records: createGroupRecords(world, () => null),
    by: {
      ...{ opened: new Map(), promoted: new Set(), walled: new Set(), forced: new Map() },
      ...{ namedAt: null, deleted: false },
    },
  };
  const run = aRun({
    ...{ oldPrimary: "orders-db", oldResource: "res-orders-db", fencedBy: "door" },
    ...{ times: { ...aRun().times, sent: clock.now() }, ...change },
  });
  const faults: string[] = [];
  const acknowledged: Write[] = [];
  const fault = (says: string) => faults.push(says);
  const watch = { sweepsSince: () => 9, said: () => [], runs: () => [run, ...others], fault };
  const writers = createWriters({ hands, acknowledged, ...watch });
  const deed = (what: "promote" | "point", node: string, by = run) =>
    writers.did({ what, node, by: by.id }, by);
  const promoted = (node: string, by = run) => {
    deed("promote", node, by);
    const server = servers.get(node);
    if (server !== undefined) world.set.promote(server);
    world.promoted.push(node);
  };
  const write = (by: string, row: number): Write => {
    world.set.write(by, "app", row, clock.now());
    return { row, by, resource: `res-${by}`, at: clock.now(), via: "app by x" };
  };
  return { world, skip, writers, faults, acknowledged, deed, promoted, write, hands };
}

describe("the witness of the days", () => {
  it("tells of two that take writes beside each other, and of none that people opened", () => {
    for (const opened of [false, true]) {
      const { writers, faults, promoted, write, hands, skip } = watching();
      promoted("orders-db-1");
      writers.tick([]);
      skip(1000);
      if (opened) hands.by.opened.set("orders-db", hands.world.now());
      writers.tick([write("orders-db", 1), write("orders-db-1", 2)]);
      expect(faults.filter((says) => says.includes("TWO WRITERS"))).toHaveLength(opened ? 0 : 1);
    }
  });

  it("tells of none that people opened behind the call of the run that left it, before another one's", () => {
    for (const opened of [false, true]) {
      const left = { oldPrimary: "orders-db-1", oldResource: "res-orders-db-1", fencedBy: "door" as const };
      const second = aRun({ ...left, id: "run-2", times: { ...aRun().times, sent: 1 } });
      const { writers, faults, promoted, write, hands, skip } = watching({}, [second]);
      promoted("orders-db-1");
      skip(1000);
      if (opened) hands.by.opened.set("orders-db", hands.world.now());
      skip(1000);
      promoted("orders-db-2", second);
      writers.tick([]);
      skip(1000);
      writers.tick([write("orders-db", 1), write("orders-db-2", 2)]);
      expect(faults.filter((says) => says.includes("TWO WRITERS"))).toHaveLength(opened ? 0 : 1);
    }
  });

  it("gives whoever goes on the time of five executions that die, and an end ten minutes", () => {
    for (const [phase, minutes, tells] of [
      ["ended", 9, false],
      ["ended", 11, true],
      ["repoint", 11, false],
      ["repoint", 31, true],
    ] as const) {
      const { writers, faults, promoted, write, skip } = watching({ fencedBy: "gone", phase });
      promoted("orders-db-1");
      for (let at = 0; at <= 2 * minutes; at += 1) {
        writers.tick([write("orders-db", 2 * at), write("orders-db-1", 2 * at + 1)]);
        skip(30_000);
      }
      expect(faults.length > 0).toBe(tells);
    }
  });

  it("tells of one run that promotes two, and that calls for a second where the first may be promoted", () => {
    const { writers, faults, promoted } = watching();
    promoted("orders-db-1");
    writers.tick([]);
    expect(faults).toEqual([]);
    promoted("orders-db-2");
    writers.tick([]);
    expect(faults.join()).toMatch(
      /may have promoted orders-db-1.*promoted res-orders-db-1 and res-orders-db-2/,
    );
    const refused = watching();
    refused.deed("promote", "orders-db-1");
    refused.writers.refused({ what: "promote", node: "orders-db-1", by: "run-1" });
    refused.deed("promote", "orders-db-2");
    expect(refused.faults).toEqual([]);
  });

  it("tells of one that follows another source than the primary", () => {
    const { faults, deed } = watching({ oldPrimary: "orders-9", oldResource: "res-orders-9" });
    deed("promote", "orders-db-1");
    expect(faults.join()).toContain("promotes orders-db-1, which does not follow orders-9");
  });

  it("tells of a loss that is said to be smaller than it is, by the moment in which the name moves", () => {
    const nothing = { bytes: 0, transactions: 0, seconds: 0, rows: 0, because: "it has all" };
    const told = { ...nothing, bytes: 512, transactions: null, whole: true as const };
    const gtids = { ...told, bytes: null };
    for (const [loss, faults] of [
      [nothing, 1],
      [told, 0],
      [{ ...told, bytes: 256 }, 1],
      [{ ...gtids, transactions: 2 }, 0],
      [{ ...gtids, transactions: 1 }, 1],
    ] as const) {
      const { world, writers, acknowledged, deed, write, promoted, skip } = watching({ loss });
      promoted("orders-db-1");
      for (const row of [1, 2]) acknowledged.push(write("orders-db", row));
      deed("point", "orders-db-1");
      world.name = "orders-db-1";
      writers.tick([]);
      skip(1000);
      expect(writers.atTheEnd()).toHaveLength(faults);
    }
  });
});
