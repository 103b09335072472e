import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../functions/core/contract/failover.ts";
import { AwsError } from "../../functions/core/errors.ts";
import { createFailoverLab } from "../support/failover-lab.ts";

type Fault = "none" | "door" | "describe" | "save" | "switch";

/** A failover that is over, with whatever fails from then on. */
async function failedOver() {
  const fault: { is: Fault } = { is: "none" };
  const lab = createFailoverLab({
    around: (ports) => ({
      ...ports,
      door: {
        ...ports.door,
        fence: async (...of) => {
          if (fault.is === "door") throw new AwsError("NotFenced", true, "GRANT it");
          await ports.door.fence(...of);
        },
      },
      controlPlane: {
        ...ports.controlPlane,
        describe: async (database, ...of) => {
          const gone = fault.is === "describe" && database === "orders-db";
          if (gone) throw new AwsError("DBInstanceNotFoundFault", true, "RDS knows no orders-db");
          const topology = await ports.controlPlane.describe(database, ...of);
          const nodes = topology.nodes.filter(({ id }) => fault.is !== "describe" || id !== "orders-db");
          return { ...topology, nodes };
        },
      },
      runs: {
        ...ports.runs,
        save: async (run) => {
          if (fault.is === "save") throw new Error("the store refuses");
          return ports.runs.save(run);
        },
      },
    }),
  });
  const old = lab.world.set.servers.get("orders-db");
  if (old === undefined) throw new Error("no old primary");
  old.power = "down";
  lab.skip(90_000);
  await lab.start("e1", { database: "orders-db", reason: "checkout fails" });
  const said = lab.chat.messages.length;
  const back = () =>
    Object.assign(old, { power: "up", status: "available", fenced: false, groups: ["sg-app"] });
  const sweep = () => lab.handler({ step: "sweep" }).catch((error: unknown) => `failed: ${error}`);
  const told = () => lab.chat.messages.slice(said).map(({ message }) => message.headline);
  return { ...lab, old, fault, back, sweep, told };
}

describe("an old primary that takes writes again and cannot be fenced", () => {
  it("F5 is told once for each time, with why, and not again until it was fenced", async () => {
    const lab = await failedOver();
    lab.back();
    lab.fault.is = "door";
    for (let sweep = 0; sweep < 3; sweep += 1) expect(await lab.sweep()).toContain("not seen to: fo-e1");
    expect(lab.told()).toEqual([
      expect.stringMatching(/orders-db.*takes writes, and it is NOT FENCED: GRANT it/),
    ]);
    expect(JSON.stringify(lab.chat.messages)).toContain("--vpc-security-group-ids sg-quarantine");
    expect(lab.world.lock).toBeNull();
    lab.fault.is = "none";
    expect(await lab.sweep()).toMatchObject({ fencedAgain: ["fo-e1"] });
    lab.back();
    lab.fault.is = "door";
    await lab.sweep();
    expect(lab.told().filter((headline) => headline.includes("NOT FENCED"))).toHaveLength(2);
  });

  it("F5 is told where the kill switch is engaged, or cannot be read", async () => {
    for (const engaged of [true, null]) {
      const lab = await failedOver();
      lab.back();
      lab.deps.killSwitch.read = async () => {
        if (engaged === null) throw new Error("no answer");
        return { engaged, says: "a person said so" };
      };
      await lab.sweep();
      await lab.sweep();
      expect(lab.told()).toEqual([expect.stringContaining("NOT FENCED: the kill switch")]);
    }
  });
});

describe("an old primary that was deleted as people were told", () => {
  it("F5 is watched no more, though RDS knows the name no more by which the group was called", async () => {
    const lab = await failedOver();
    lab.fault.is = "describe";
    await lab.sweep();
    expect(lab.told()).toEqual([expect.stringContaining("orders-db is gone: it is watched no more")]);
    expect(await lab.sweep()).toMatchObject({ open: 0 });
  });
});

describe("the lock of a run that is redriven", () => {
  const failedRun = async (change: Partial<FailoverRun>) => {
    const lab = await failedOver();
    const run = await lab.ports.runs.get("fo-e1");
    if (run?.ending == null) throw new Error("it has not ended");
    const ending = { ...run.ending, status: "failed" as const };
    await lab.ports.runs.save({ ...run, ending, duties: [], ...change });
    return lab;
  };
  const redrive = (name: string) => ({
    step: "begin",
    execution: { Name: name },
    input: { redrive: "fo-e1" },
  });

  it("F4 is not held for ever where the redrive could not be written down", async () => {
    const lab = await failedRun({});
    lab.fault.is = "save";
    await expect(lab.handler(redrive("e2"))).rejects.toThrow("the store refuses");
    lab.fault.is = "none";
    expect(lab.world.lock).toBeNull();
  });

  it("F4 is given back by the sweeper where whoever had taken it died", async () => {
    const lab = await failedRun({ keepsLock: true });
    await lab.ports.lock.take("orders-db", "fo-e1");
    await lab.sweep();
    expect(lab.world.lock).toBeNull();
  });

  it("F4 is not given back by a sweeper that was about to when the redrive took it", async () => {
    const lab = await failedRun({ keepsLock: true });
    await lab.ports.lock.take("orders-db", "fo-e1");
    const release = lab.deps.ports.lock.release;
    let first = true;
    lab.deps.ports.lock.release = async (...of) => {
      if (first) {
        first = false;
        await lab.handler(redrive("e3"));
      }
      await release(...of);
    };
    await lab.sweep();
    expect(lab.world.lock).toMatchObject({ run: "fo-e1" });
  });
});
