import { describe, expect, it } from "vitest";
import { createFailoverLab } from "../support/failover-lab.ts";

const typed = { database: "orders-db", reason: "checkout fails" };

describe("a failover that is started after one that came to no end", () => {
  it("F7 is held, and names the redrive of that one, which then moves the names", async () => {
    const lab = createFailoverLab({});
    const old = lab.world.set.servers.get("orders-db");
    if (old === undefined) throw new Error("there is no primary");
    old.power = "down";
    lab.skip(90_000);
    const stop = () => lab.deps.killSwitch.set("engaged: audit");
    lab.world.at(lab.world.now() + 30_000, stop);
    await lab.start("e1", typed);
    expect((await lab.ports.runs.get("fo-e1"))?.ending).toMatchObject({ status: "failed", phase: "repoint" });
    lab.deps.killSwitch.set("off");
    const { output } = await lab.start("e2", typed);
    expect(output).toMatchObject({
      ...{ status: "held", nextCommand: "responder failover --redrive fo-e1" },
      says: expect.stringContaining("Failover fo-e1 made orders-db-1 the writer"),
    });
    await lab.start("e3", { redrive: "fo-e1" });
    expect(lab.world.name).toBe("orders-db-1");
    expect(lab.world.promoted).toEqual(["orders-db-1"]);
  });
});
