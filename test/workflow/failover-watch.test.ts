import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../functions/core/contract/failover.ts";
import type { FailoverTopology } from "../../functions/core/contract/failover-topology.ts";
import { AwsError } from "../../functions/core/errors.ts";
import { endMessage } from "../../functions/core/failover/messages.ts";
import { createFailoverLab } from "../support/failover-lab.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
type Blind = "no" | "describe" | "look" | "name";

/** A failover that is over; whatever the sweeper asks from then on may be refused. */
async function failedOver() {
  const fault: { blind: Blind; save: boolean; shown: (topology: FailoverTopology) => FailoverTopology } = {
    ...{ blind: "no", save: false },
    shown: (topology) => topology,
  };
  const refuseIf = (what: Blind) => {
    if (fault.blind === what) throw new AwsError("AccessDenied", true, "not allowed");
  };
  const lab = createFailoverLab({
    around: (ports) => ({
      ...ports,
      controlPlane: {
        ...ports.controlPlane,
        describe: async (...of) => {
          refuseIf("describe");
          return fault.shown(await ports.controlPlane.describe(...of));
        },
        nameOf: async (...of) => {
          refuseIf("name");
          return ports.controlPlane.nameOf(...of);
        },
      },
      door: {
        ...ports.door,
        look: async (...of) => {
          refuseIf("look");
          return ports.door.look(...of);
        },
      },
      runs: {
        ...ports.runs,
        save: async (run) => {
          if (fault.save && run.duties.some(({ untold }) => untold !== undefined))
            throw new Error("it is full");
          return ports.runs.save(run);
        },
      },
    }),
  });
  const old = lab.world.set.servers.get("orders-db");
  if (old === undefined) throw new Error("no old primary");
  lab.world.nodes = { "orders-db": { resourceId: "db-OLD" } };
  old.power = "down";
  lab.skip(90_000);
  await lab.start("e1", { database: "orders-db", reason: "checkout fails" });
  const said = lab.chat.messages.length;
  const back = () =>
    Object.assign(old, { power: "up", status: "available", fenced: false, groups: ["sg-app"] });
  const sweep = (ms = 2 * minute) => {
    lab.skip(ms);
    return lab.handler({ step: "sweep" }).catch((error: unknown) => `failed: ${error}`);
  };
  const told = () => lab.chat.messages.slice(said).map(({ message }) => message.headline);
  const run = async (): Promise<FailoverRun> => {
    const stored = await lab.ports.runs.get("fo-e1");
    if (stored === null) throw new Error("it is gone");
    return stored;
  };
  const shown = async () => JSON.stringify(endMessage(await run(), lab.clock.now()));
  return { ...lab, old, fault, back, sweep, told, run, shown };
}

describe("what an old primary takes until it is fenced again", () => {
  it("F6 is lost, and said so: the loss is none of nothing any more", async () => {
    const lab = await failedOver();
    const run = await lab.run();
    const nothing = { bytes: 0, transactions: 0, seconds: 0, rows: 0, because: "all of it was applied" };
    await lab.ports.runs.save({ ...run, loss: nothing });
    expect(await lab.shown()).toContain("nothing: all of it was applied");
    lab.back();
    expect(await lab.sweep()).toMatchObject({ fencedAgain: ["fo-e1"] });
    expect(lab.told()).toEqual([
      expect.stringContaining("is fenced again. What it took until then the new primary never gets."),
    ]);
    expect(await lab.shown()).toContain("unknown: orders-db took writes, or may have, after it was measured");
  });

  it("F6 is lost also where the kill switch keeps it from being fenced", async () => {
    const lab = await failedOver();
    lab.back();
    lab.deps.killSwitch.read = async () => ({ engaged: true, says: "a person said so" });
    await lab.sweep();
    expect((await lab.run()).loss?.because).toContain("orders-db took writes, or may have");
  });
});

describe("an old primary that comes back a second time", () => {
  it("F5 is told as not fenced again, once it had been fenced by a person meanwhile", async () => {
    const lab = await failedOver();
    lab.deps.killSwitch.read = async () => ({ engaged: true, says: "a person said so" });
    const unfenced = () => lab.told().filter((headline) => headline.includes("NOT FENCED"));
    lab.back();
    for (let sweep = 0; sweep < 2; sweep += 1) await lab.sweep();
    expect(unfenced()).toHaveLength(1);
    Object.assign(lab.old, { fenced: true, groups: ["sg-quarantine"] });
    await lab.sweep();
    lab.back();
    for (let sweep = 0; sweep < 2; sweep += 1) await lab.sweep();
    expect(unfenced()).toHaveLength(2);
  });

  it("F5 so it is once RDS had stopped it, and not for one look that it did not answer", async () => {
    const lab = await failedOver();
    lab.deps.killSwitch.read = async () => ({ engaged: true, says: "a person said so" });
    lab.back();
    await lab.sweep();
    for (const status of ["available", "stopped"]) {
      Object.assign(lab.old, { power: "down", status });
      await lab.sweep();
      lab.back();
      await lab.sweep();
    }
    expect(lab.told()).toHaveLength(2);
  });
});

describe("an old primary that was left as the primary, and of which a copy is promoted by hand", () => {
  it("F5 is not fenced, for clients rely on it: people are told once that there are two", async () => {
    const lab = await failedOver();
    lab.world.topology = { primary: "orders-db" };
    lab.back();
    await lab.sweep();
    lab.world.topology = {};
    for (let sweep = 0; sweep < 3; sweep += 1) expect(await lab.sweep()).toMatchObject({ fencedAgain: [] });
    expect(lab.old.fenced).toBe(false);
    expect(lab.told()).toEqual([
      expect.stringContaining("it is left as it is"),
      expect.stringMatching(
        /left as the primary, takes writes, and orders-db-1 is one of its own since: it is NOT FENCED/,
      ),
    ]);
    expect(JSON.stringify(lab.chat.messages.at(-1))).toContain("responder failover --gone fo-e1");
  });

  it("F5 is watched for anew after a redrive that ended: that it was left counts no more", async () => {
    const lab = await failedOver();
    lab.world.topology = { primary: "orders-db" };
    lab.back();
    await lab.sweep();
    lab.world.topology = {};
    const run = await lab.run();
    if (run.ending === null) throw new Error("it has not ended");
    expect(run.duties).toMatchObject([{ toldAt: expect.any(Number) }]);
    const failed = { ...run.ending, status: "failed" as const, phase: "prove-name" as const };
    await lab.ports.runs.save({ ...run, ending: failed });
    await lab.start("e2", { redrive: "fo-e1" });
    const [duty] = (await lab.run()).duties;
    expect(duty).toMatchObject({ node: "orders-db" });
    expect(duty?.toldAt).toBeUndefined();
  });
});

describe("an old primary that nobody can look at", () => {
  it.each<Blind>(["describe", "look"])(
    "F5 is told after five minutes, and fails each sweep: %s",
    async (blind) => {
      const lab = await failedOver();
      await lab.sweep();
      lab.back();
      lab.fault.blind = blind;
      for (let round = 0; round < 3; round += 1) expect(await lab.sweep()).toMatchObject({ open: 1 });
      expect(lab.told()).toEqual([]);
      for (let round = 0; round < 3; round += 1) expect(await lab.sweep()).toContain("not seen to: fo-e1");
      expect(lab.told()).toEqual([
        expect.stringMatching(/orders-db, the old primary, cannot be looked at.*Last seen 2026.*not allowed/),
      ]);
      expect(await lab.shown()).toMatch(/Last seen 2026[^:]*.*nobody can look at it: not allowed/);
      lab.fault.blind = "no";
      expect(await lab.sweep()).toMatchObject({ fencedAgain: ["fo-e1"] });
      expect((await lab.run()).duties[0]?.blind).toBeUndefined();
    },
  );

  it("F5 is told as looked at again once it is, where it was told that it was not", async () => {
    const lab = await failedOver();
    lab.fault.blind = "look";
    for (let round = 0; round < 5; round += 1) await lab.sweep();
    lab.fault.blind = "no";
    for (let round = 0; round < 3; round += 1) await lab.sweep();
    expect(lab.told()).toEqual([
      expect.stringContaining("cannot be looked at"),
      expect.stringMatching(/^It is looked at again: orders-db/),
    ]);
  });

  it("F5 is not said to be there still after two weeks: what was last seen is, and when", async () => {
    const lab = await failedOver();
    await lab.sweep();
    lab.fault.blind = "describe";
    await lab.sweep();
    await lab.sweep(14 * day + minute);
    expect(lab.told().at(-1)).toMatch(
      /watched for two weeks: nobody watches it any more. Last seen 2026-01-01T\S+: orders-db is fenced\. Since 2026-01-01T\S+ nobody can look at it: not allowed/,
    );
    expect(lab.told().join()).not.toContain("still there");
  });
});

describe("a good fence that could not be written down", () => {
  it("F5 is told as a fence, not as none", async () => {
    const lab = await failedOver();
    lab.back();
    lab.fault.save = true;
    expect(await lab.sweep()).toContain("not seen to: fo-e1");
    expect(lab.old.fenced).toBe(true);
    expect(lab.told()).toEqual([expect.stringContaining("it is fenced again")]);
    lab.fault.save = false;
    await lab.sweep();
    expect(lab.world.lock).toBeNull();
  });
});

describe("an old primary that was renamed", () => {
  const renamed = async () => {
    const lab = await failedOver();
    lab.back();
    lab.world.set.servers.delete("orders-db");
    const server = { ...lab.old, id: "orders-db-old" };
    lab.world.set.servers.set("orders-db-old", server);
    lab.world.nodes = { "orders-db-old": { resourceId: "db-OLD" } };
    return { ...lab, server };
  };

  it("F5 is not gone: it is known by its DbiResourceId, and fenced by the name that it has", async () => {
    const lab = await renamed();
    expect(await lab.sweep()).toMatchObject({ fencedAgain: ["fo-e1"] });
    expect(lab.server.fenced).toBe(true);
    expect(lab.told()).toEqual([
      expect.stringContaining("orders-db-old, the old primary, is back and takes writes"),
    ]);
    expect((await lab.run()).duties).toMatchObject([{ node: "orders-db-old", resourceId: "db-OLD" }]);
  });

  it("F5 so it is where another instance has its name by now, and RDS does not show the two together", async () => {
    const lab = await renamed();
    lab.fault.shown = (topology) => ({
      ...topology,
      nodes: topology.nodes.filter(({ id }) => id === "orders-db-1"),
    });
    await lab.sweep();
    expect((await lab.run()).duties).toMatchObject([
      { blind: { says: "RDS shows no orders-db-old in its own group" } },
    ]);
    lab.fault.shown = (topology) => topology;
    const other = { ...lab.server, id: "orders-db", fenced: false };
    lab.world.set.servers.set("orders-db", other);
    lab.world.nodes = { ...lab.world.nodes, "orders-db": { resourceId: "db-NEW" } };
    expect(await lab.sweep()).toMatchObject({ fencedAgain: ["fo-e1"] });
    expect([lab.server.fenced, other.fenced]).toEqual([true, false]);
  });

  it("F5 is watched no more once RDS knows its DbiResourceId no more", async () => {
    const lab = await failedOver();
    lab.world.set.servers.delete("orders-db");
    await lab.sweep();
    expect(lab.told()).toEqual([expect.stringContaining("orders-db is gone: it is watched no more")]);
  });

  it("F5 is not gone where RDS does not say whether it was renamed", async () => {
    const lab = await failedOver();
    lab.world.set.servers.delete("orders-db");
    lab.fault.blind = "name";
    await lab.sweep();
    expect(lab.told()).toEqual([]);
    expect((await lab.run()).duties).toMatchObject([{ blind: { says: "not allowed" } }]);
  });
});
