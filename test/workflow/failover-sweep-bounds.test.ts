import { describe, expect, it } from "vitest";
import { createFailoverLab } from "../support/failover-lab.ts";

const typed = { database: "orders-db", reason: "checkout fails" };
const duty = { kind: "watch-old-primary", node: "orders-db", because: "x" } as const;

/** Runs whose old primaries are watched for, each of which takes half a minute to look at. */
async function slowWatch(count: number) {
  const looked: string[] = [];
  const lab = createFailoverLab({
    around: (ports) => ({
      ...ports,
      controlPlane: {
        ...ports.controlPlane,
        describe: async (database, ...of) => {
          looked.push(database);
          lab.skip(30_000);
          return ports.controlPlane.describe(database, ...of);
        },
      },
    }),
  });
  for (let at = 0; at < count; at += 1) {
    await lab.handler({
      step: "begin",
      execution: { Name: `e${at}` },
      input: { ...typed, database: `db-${at}` },
    });
    const run = await lab.ports.runs.get(`fo-e${at}`);
    if (run === null) throw new Error("nothing was begun");
    await lab.ports.runs.save({ ...run, phase: "ended", duties: [{ ...duty, since: lab.clock.now() }] });
  }
  return { lab, looked };
}

describe("a sweep of many runs", () => {
  it("Q3 begins with none after 70 s, and says how many are left: the function has 140 s", async () => {
    const { lab, looked } = await slowWatch(5);
    await expect(lab.handler({ step: "sweep" })).rejects.toThrow("not seen to: 2 more than one sweep takes");
    expect(looked).toHaveLength(3);
  });

  it("Q3 comes to each of them within some rounds, for every round begins with another one", async () => {
    const { lab, looked } = await slowWatch(5);
    for (let round = 0; round < 5; round += 1) {
      await lab.handler({ step: "sweep" }).catch(() => undefined);
      lab.skip(210_000);
    }
    expect(new Set(looked).size).toBe(5);
  });

  it("F7 says of a lock only where there is one: a run that died looking for its group has none", async () => {
    for (const [name, token, says] of [
      ["e1", null, "and it had no lock."],
      ["e2", 7, "and its lock is kept for it."],
    ] as const) {
      const lab = createFailoverLab({});
      await lab.handler({ step: "begin", execution: { Name: name }, input: typed });
      const run = await lab.ports.runs.get(`fo-${name}`);
      if (run === null) throw new Error("nothing was begun");
      await lab.ports.runs.save({ ...run, token, takenUp: 5 });
      lab.skip(200_000);
      await lab.handler({ step: "sweep" });
      expect((await lab.ports.runs.get(`fo-${name}`))?.ending?.says).toContain(says);
    }
  });

  it("F7 gives up a run in catch-up with the fence that it leaves, in the message and in its end", async () => {
    const lab = createFailoverLab({});
    await lab.handler({ step: "begin", execution: { Name: "e1" }, input: typed });
    const run = await lab.ports.runs.get("fo-e1");
    if (run === null) throw new Error("nothing was begun");
    const wall = { at: lab.clock.now(), tries: 1, unclear: false, answer: "done" as const, says: null };
    const fenced = { phase: "catch-up" as const, oldPrimary: "orders-db", sent: { wall }, takenUp: 5 };
    await lab.ports.runs.save({ ...run, ...fenced, group: "orders-db" });
    lab.skip(200_000);
    expect(await lab.handler({ step: "sweep" })).toMatchObject({ givenUp: ["fo-e1"] });
    expect(lab.chat.messages.at(-1)?.message.headline).toContain("orders-db may be fenced.");
    expect((await lab.ports.runs.get("fo-e1"))?.ending).toMatchObject({
      ...{ status: "failed", phase: "catch-up", nextCommand: "responder failover --redrive fo-e1" },
      says: expect.stringContaining("orders-db may be fenced."),
    });
  });
});
