import { describe, expect, it } from "vitest";
import { AwsError } from "../../functions/core/errors.ts";
import { decideFailover } from "../../functions/core/failover/decide-failover.ts";
import { createFailoverLab } from "../support/failover-lab.ts";
import { killAt } from "../support/kill-at.ts";

const typed = { database: "orders-db", reason: "primary down, checkout fails" };

type Lab = ReturnType<typeof createFailoverLab>;

function old({ world }: Lab) {
  const server = world.set.servers.get("orders-db");
  if (server === undefined) throw new Error("there is no primary");
  return server;
}

/** Long enough ago that CloudWatch shows it, and the replicas have noticed. */
function crash(lab: Lab): void {
  old(lab).power = "down";
  lab.skip(90_000);
}

function clickLater({ world, deps }: Lab, decision: "approve" | "decline", approvers = ["U1"]): void {
  world.at(world.now() + 30_000, async () => {
    const messageTs = (await deps.ports.runs.get("fo-e1"))?.approval?.card?.ts ?? "none";
    const click = { run: "fo-e1", decision, by: "U1", messageTs } as const;
    void decideFailover(click, { runs: deps.ports.runs, clock: deps.clock, approvers });
  });
}

const secondPerson = { settings: { failover: { approval: "second-person" } } };

describe("the failover machine", () => {
  it("F1 F5 F6 promotes a replica from start to end, each step a state that an operator reads", async () => {
    const lab = createFailoverLab({});
    crash(lab);
    const { output } = await lab.start("e1", typed);
    expect(output).toMatchObject({ status: "done", runId: "fo-e1" });
    expect(lab.visited).toEqual([
      ...["Begin", "LoadTopology", "Lock", "Choose", "Check", "Approve", "Fence", "CatchUp", "Execute"],
      ...["WaitForRds", "ProveWritable", "Repoint", "ProveName", "Rebuild", "Announce", "Release"],
    ]);
    expect(lab.world.promoted).toEqual(["orders-db-1"]);
    expect(lab.world.name).toBe("orders-db-1");
    expect(lab.world.lock).toBeNull();
  });

  it("F6 F9 tells each step in one thread, and edits its first message with the summary at the end", async () => {
    const lab = createFailoverLab({});
    crash(lab);
    await lab.start("e1", typed);
    const [board, ...thread] = lab.chat.messages;
    expect(thread.every((sent) => sent.thread?.ts === board?.receipt.ts)).toBe(true);
    expect(thread.length).toBeGreaterThan(5);
    expect(board?.message.headline).toMatch(/^Failed over: orders-db, writable again after/);
    expect(board?.history[0]?.headline).toContain("keeps clients off the old primary");
  });

  it("C2 goes on to its end when the channel takes nothing, and says so in the run", async () => {
    const lab = createFailoverLab({});
    lab.chat.behave({ kind: "failing", reason: "channel_not_found" });
    crash(lab);
    expect((await lab.start("e1", typed)).output).toMatchObject({ status: "done" });
    const run = await lab.ports.runs.get("fo-e1");
    expect(run?.notes.join()).toContain("The summary could not be delivered (channel_not_found)");
  });

  it("F1 a dry run makes every check and no change", async () => {
    const lab = createFailoverLab({});
    crash(lab);
    const { output } = await lab.start("e1", { ...typed, dryRun: true });
    expect(output).toMatchObject({ status: "dry-run", says: "Every check passed. Nothing was done." });
    expect(lab.visited).not.toContain("Lock");
    expect(lab.world.promoted).toEqual([]);
  });

  it.each([
    ["aurora", "fail-over-cluster", "reader"],
    ["multi-az-cluster", "fail-over-cluster", "reader"],
    ["multi-az-instance", "reboot-with-failover", "replica"],
    ["global", "switch-over-global", "reader"],
    ["primary-replica", "promote-replica", "replica"],
  ] as const)("F2 a dry run of %s comes to %s", async (kind, method, role) => {
    const lab = createFailoverLab({ replicas: 1 });
    const cluster = kind === "primary-replica" || kind === "multi-az-instance" ? null : "orders";
    lab.world.topology = {
      ...{ kind, clusterId: cluster, clusterStatus: cluster === null ? null : "available" },
      globalId: kind === "global" ? "orders-global" : null,
    };
    const streams = role === "replica" ? {} : { replicaOf: null, replication: null };
    lab.world.nodes = {
      "orders-db": { multiAz: true, ...(kind === "multi-az-instance" ? {} : streams) },
      "orders-db-1": { role, ...streams, lag: { seconds: 0, ageSeconds: 30 } },
    };
    const input = { ...typed, dryRun: true, kind: "planned" };
    const { output } = await lab.start("e1", input);
    expect([output, (await lab.ports.runs.get("fo-e1"))?.method]).toEqual([
      expect.objectContaining({ status: "dry-run" }),
      method,
    ]);
  });

  it("F3 holds back while the primary is alive, and names the override", async () => {
    const lab = createFailoverLab({});
    const { output } = await lab.start("e1", typed);
    expect(output).toMatchObject({
      status: "held",
      says: expect.stringMatching(/primary-alive: .* name it in force/),
      nextCommand: expect.stringContaining("--force primary-alive"),
    });
    expect(lab.visited).not.toContain("Fence");
    expect(lab.world.promoted).toEqual([]);
    expect(lab.world.lock).toBeNull();
  });

  it("A42 asks a second person where the settings want one, and goes on after the click", async () => {
    const lab = createFailoverLab(secondPerson);
    crash(lab);
    clickLater(lab, "approve");
    expect((await lab.start("e1", typed)).output).toMatchObject({ status: "done" });
    const card = lab.chat.messages.find(({ message }) => message.kind === "approval-request");
    expect(card?.message.buttons[0]?.value).toBe("fo-e1");
  });

  it.each([
    ["declined", "decline", ["U1"], "U1 declined it"],
    ["clicked by nobody who may", "approve", ["U2"], "Nobody approved it in time"],
  ] as const)("A42 does nothing when it is %s", async (_, decision, approvers, says) => {
    const lab = createFailoverLab(secondPerson);
    crash(lab);
    clickLater(lab, decision, [...approvers]);
    expect((await lab.start("e1", typed)).output).toMatchObject({
      status: "held",
      says: `${says}. Nothing was done.`,
    });
    expect(lab.world.promoted).toEqual([]);
  });

  it.each([
    [{ database: "orders-db" }, "reason"],
    [{ ...typed, dryrun: true }, "dryrun"],
    [{ ...typed, force: ["primary-alife"] }, "did you mean primary-alive?"],
    [{ redrive: "fo-none" }, "no run fo-none is known"],
  ])("S6 ends at once with %j, naming what is wrong", async (input, field) => {
    const lab = createFailoverLab({});
    const { error } = await lab.start("e1", input);
    expect(error).toContain(field);
    expect(lab.visited).toEqual(["Begin"]);
    expect(lab.world.runs.size).toBe(0);
  });

  it("S6 shows an input that would be right", async () => {
    const { error } = await createFailoverLab({}).start("e1", {});
    expect(error).toContain('A right input: {"database":"orders-db"');
  });

  it("A41 begins nothing while the kill switch is engaged", async () => {
    const lab = createFailoverLab({});
    lab.deps.killSwitch.set("engaged: freeze");
    expect((await lab.start("e1", typed)).error).toContain("The kill switch is engaged");
  });
});

describe("a failover whose function dies", () => {
  it.each(["before", "after"] as const)(
    "F7 Q3 promotes once and ends told, killed %s any change",
    async (when) => {
      const whole = killAt(0, when);
      const quiet = createFailoverLab({ around: whole.around });
      crash(quiet);
      await quiet.start("e1", typed);
      expect(whole.calls()).toBeGreaterThan(20);
      for (let at = 1; at <= whole.calls(); at += 1) {
        const lab = createFailoverLab({ around: killAt(at, when).around });
        crash(lab);
        const { output, error } = await lab.start("e1", typed);
        expect([at, output, error]).toEqual([at, expect.objectContaining({ status: "done" }), null]);
        expect([at, lab.world.promoted]).toEqual([at, ["orders-db-1"]]);
        expect([at, lab.world.lock]).toEqual([at, null]);
      }
    },
  );

  it("F7 redrive goes on where it failed, and does not promote twice", async () => {
    const refused = { on: true };
    const lab = createFailoverLab({
      around: (ports) => ({
        ...ports,
        names: {
          ...ports.names,
          point: async (...of) => {
            if (refused.on) throw new AwsError("AccessDenied", true, "not allowed");
            await ports.names.point(...of);
          },
        },
      }),
    });
    crash(lab);
    const first = await lab.start("e1", typed);
    expect(first.error).toContain("could not be moved to it (not allowed)");
    refused.on = false;
    expect((await lab.start("e2", { redrive: "fo-e1" })).output).toMatchObject({ status: "done" });
    expect(lab.world.promoted).toEqual(["orders-db-1"]);
    expect(lab.world.name).toBe("orders-db-1");
  });

  it("F7 Q3 the sweeper takes up a run that nobody drives any more, and leaves one that lives", async () => {
    const dead = { from: 12, calls: 0 };
    const lab = createFailoverLab({
      around: (ports, killed) => ({
        ...ports,
        runs: {
          ...ports.runs,
          save: async (run) => {
            dead.calls += 1;
            return dead.calls >= dead.from && dead.calls < 40 ? killed.strike() : ports.runs.save(run);
          },
        },
      }),
    });
    crash(lab);
    expect((await lab.start("e1", typed)).error).not.toBeNull();
    dead.calls = 100;
    const sweep = () => lab.handler({ step: "sweep" });
    lab.skip(240_000);
    expect(await sweep()).toMatchObject({ open: 1, takenUp: ["fo-e1"] });
    expect(await sweep()).toMatchObject({ takenUp: [] });
    await lab.workflow.idle();
    expect((await lab.ports.runs.get("fo-e1"))?.ending?.status).toBe("done");
    expect(lab.world.promoted).toEqual(["orders-db-1"]);
  });
});

describe("an old primary after its failover", () => {
  async function failedOver(): Promise<Lab> {
    const lab = createFailoverLab({});
    crash(lab);
    await lab.start("e1", typed);
    return lab;
  }

  it("F5 is fenced and told when it comes back and takes writes", async () => {
    const lab = await failedOver();
    const server = old(lab);
    Object.assign(server, { power: "up", status: "available", fenced: false, groups: ["sg-app"] });
    expect(await lab.handler({ step: "sweep" })).toMatchObject({ fencedAgain: ["fo-e1"] });
    expect(server.fenced).toBe(true);
    expect(lab.chat.messages.at(-1)?.message.headline).toContain("is back and takes writes");
    expect(await lab.handler({ step: "sweep" })).toMatchObject({ open: 1, fencedAgain: [] });
  });

  it("F5 is watched for two weeks, and the end of that is told", async () => {
    const lab = await failedOver();
    lab.skip(15 * 86_400_000);
    await lab.handler({ step: "sweep" });
    expect(lab.chat.messages.at(-1)?.message.headline).toContain("nobody watches it any more");
    expect(await lab.handler({ step: "sweep" })).toMatchObject({ open: 0 });
  });
});
