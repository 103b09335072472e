import { describe, expect, it } from "vitest";
import { createFailoverLab } from "../support/failover-lab.ts";

type Lost = "take" | "release";

/** An old primary that takes writes again, and a sweeper that has the lock of its group and no answer to it. */
async function withLost(what: Lost) {
  const lost = { on: false };
  const lab = createFailoverLab({
    around: (ports) => ({
      ...ports,
      lock: {
        ...ports.lock,
        take: async (...of) => {
          const holder = await ports.lock.take(...of);
          if (lost.on && what === "take") throw new Error("no answer");
          return holder;
        },
        release: async (...of) => {
          if (lost.on && what === "release") throw new Error("no answer");
          await ports.lock.release(...of);
        },
      },
    }),
  });
  const old = lab.world.set.servers.get("orders-db");
  if (old === undefined) throw new Error("no old primary");
  old.power = "down";
  lab.skip(90_000);
  await lab.start("e1", { database: "orders-db", reason: "checkout fails" });
  Object.assign(old, { power: "up", status: "available", fenced: false, groups: ["sg-app"] });
  lost.on = true;
  await expect(lab.handler({ step: "sweep" })).rejects.toThrow("fo-e1");
  lost.on = false;
  return lab;
}

describe("the lock by which the sweeper fences an old primary", () => {
  it.each<Lost>(["take", "release"])(
    "F4 is free after the next sweep where the %s was not answered",
    async (what) => {
      const lab = await withLost(what);
      expect(lab.world.lock).toMatchObject({ run: "fo-e1" });
      await lab.handler({ step: "sweep" });
      expect(lab.world.lock).toBeNull();
      expect(await lab.ports.runs.get("fo-e1")).toMatchObject({ keepsLock: false });
    },
  );

  it("F4 is written down before it is taken where a late taking of before left it, and given back", async () => {
    const kept: boolean[] = [];
    const lab = createFailoverLab({
      around: (ports) => ({
        ...ports,
        lock: {
          ...ports.lock,
          take: async (group, run, ...of) => {
            kept.push((await ports.runs.get(run))?.keepsLock === true);
            return ports.lock.take(group, run, ...of);
          },
        },
      }),
    });
    const old = lab.world.set.servers.get("orders-db");
    if (old === undefined) throw new Error("no old primary");
    old.power = "down";
    lab.skip(90_000);
    await lab.start("e1", { database: "orders-db", reason: "checkout fails" });
    await lab.ports.lock.take("orders-db", "fo-e1");
    kept.length = 0;
    Object.assign(old, { power: "up", status: "available", fenced: false, groups: ["sg-app"] });
    expect(await lab.handler({ step: "sweep" })).toMatchObject({ fencedAgain: ["fo-e1"] });
    expect(kept).toEqual([true]);
    expect(lab.world.lock).toBeNull();
  });

  it("F4 is given back with the end of the watch", async () => {
    const lab = createFailoverLab({});
    const old = lab.world.set.servers.get("orders-db");
    if (old !== undefined) old.power = "down";
    lab.skip(90_000);
    await lab.start("e1", { database: "orders-db", reason: "checkout fails" });
    await lab.ports.lock.take("orders-db", "fo-e1");
    lab.skip(15 * 86_400_000);
    await lab.handler({ step: "sweep" });
    expect(lab.world.lock).toBeNull();
    expect(await lab.handler({ step: "sweep" })).toMatchObject({ open: 0 });
  });
});

describe("a lock that a call of a run took after its end", () => {
  it("F4 keeps no later failover from its group: it is given back first", async () => {
    const lab = createFailoverLab({});
    const typed = { database: "orders-db", reason: "checkout fails" };
    await lab.start("e1", typed);
    expect((await lab.ports.runs.get("fo-e1"))?.ending).toMatchObject({ status: "held", phase: "check" });
    await lab.ports.lock.take("orders-db", "fo-e1");
    await lab.handler({ step: "sweep" });
    expect(lab.world.lock).toMatchObject({ run: "fo-e1" });
    const old = lab.world.set.servers.get("orders-db");
    if (old !== undefined) old.power = "down";
    lab.skip(90_000);
    await lab.start("e2", typed);
    expect((await lab.ports.runs.get("fo-e2"))?.ending).toMatchObject({ status: "done" });
    expect(lab.world.promoted).toEqual(["orders-db-1"]);
    expect(lab.world.lock).toBeNull();
  });
});
