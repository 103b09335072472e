import { describe, expect, it } from "vitest";
import type { Phase } from "../../../functions/core/contract/failover.ts";
import { knownSituation } from "../../../functions/core/failover/known-situation.ts";
import { next } from "../../../functions/core/failover/run.ts";
import {
  aGroup,
  aLook,
  anInput,
  aRun,
  ledTo,
  noon,
  quiet,
  seenOf,
  withNode,
} from "../../support/failover-builder.ts";

const engaged = { situation: { ...quiet, killSwitch: { engaged: true, says: "engaged: audit" } } };
const unread = { situation: { ...quiet, killSwitch: { engaged: null, says: "no answer" } } };
const off = { situation: { ...quiet, killSwitch: { engaged: false, says: "off" } } };
const run = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, fencedBy: "restart", names: aGroup().names, groupsBefore: ["sg-app"] },
});
const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const walled = withNode(aGroup(), "orders-db", { securityGroups: ["sg-quarantine"] });

describe("the kill switch, engaged while a failover goes on", () => {
  it("stops the fence, and nothing was done", () => {
    const step = next({ ...run, phase: "fence" }, seenOf(aGroup(), engaged));
    expect(step).toMatchObject({ effect: { kind: "announce" }, run: { ending: { status: "held" } } });
    expect(step.run.ending?.says).toContain("The kill switch is engaged (engaged: audit)");
    expect(next({ ...run, phase: "fence" }, seenOf(aGroup(), off))).toMatchObject({
      effect: { kind: "wall" },
    });
  });

  it("stops the promotion, and gives the fence back", () => {
    const fenced = { ...run, phase: "execute" as const, sent: { wall: of } };
    expect(next(fenced, seenOf(walled, engaged))).toMatchObject({
      ...{ effect: { kind: "unwall", groups: ["sg-app"] }, run: { ending: { status: "held" } } },
    });
  });

  it("stops the names behind a promotion, says how things stand, and a redrive goes on there", () => {
    const promoted = withNode(walled, "orders-db-1", { replicaOf: null, look: aLook({ writable: true }) });
    const step = next(
      { ...run, phase: "repoint", sent: { execute: of } },
      seenOf(promoted, { ...engaged, ...ledTo(promoted, "orders-db") }),
    );
    expect(step.run.ending).toMatchObject({
      ...{ status: "failed", phase: "repoint", nextCommand: "responder failover --redrive run-1" },
      says: expect.stringContaining("the names stay where they are"),
    });
  });

  it("makes no replica either, and says so", () => {
    const promoted = withNode(walled, "orders-db-1", { replicaOf: null, look: aLook({ writable: true }) });
    const done = { ...run, phase: "rebuild" as const, sent: { execute: of, tag: of } };
    const step = next(done, seenOf(promoted, engaged));
    expect(step.run).toMatchObject({ ending: { status: "done" } });
    expect(step.run.notes.join()).toContain("No replica of orders-db-1 could be made (The kill switch");
  });

  it("moves the names behind a promotion where it only cannot be read", () => {
    const promoted = withNode(walled, "orders-db-1", { replicaOf: null, look: aLook({ writable: true }) });
    const step = next(
      { ...run, phase: "repoint", sent: { execute: of } },
      seenOf(promoted, { ...unread, ...ledTo(promoted, "orders-db") }),
    );
    expect(step).toMatchObject({ effect: { kind: "point", to: "orders-db-1" } });
  });

  it("fences an old primary that takes writes again behind a promotion where it only cannot be read", () => {
    const promoted = withNode(walled, "orders-db-1", { replicaOf: null, look: aLook({ writable: true }) });
    const back = withNode(promoted, "orders-db", { look: aLook({ writable: true, clients: 3 }) });
    const behind = { ...run, phase: "repoint" as const, sent: { execute: of }, unreadSince: noon - 60_000 };
    expect(next(behind, seenOf(back, unread))).toMatchObject({
      effect: { kind: "fence", node: "orders-db" },
    });
    const open = withNode(promoted, "orders-db", { securityGroups: ["sg-app"] });
    const started = next({ ...behind, fencedBy: "gone" }, seenOf(open, unread));
    expect(started).toMatchObject({ effect: { kind: "wall", node: "orders-db" } });
    expect(next(behind, seenOf(back, engaged)).run.ending?.status).toBe("failed");
  });

  it.each<Phase>(["compensate"])("does not keep a fence from being given back in %s", (phase) => {
    const ending = { status: "held" as const, phase: "execute" as const, says: "x", nextCommand: "y" };
    const back = { ...run, phase, ending, sent: { wall: of } };
    expect(next(back, seenOf(walled, engaged))).toMatchObject({ effect: { kind: "unwall" } });
  });

  it("is looked at again for half a minute where it cannot be read, and then holds", () => {
    const before = { ...run, phase: "fence" as const };
    expect(next(before, seenOf(aGroup(), unread))).toMatchObject({
      ...{ is: "wait", says: expect.stringContaining("cannot be read (no answer)") },
    });
    const first = next(before, seenOf(aGroup(), { ...unread, now: noon + 3000 }));
    const late = next(before, seenOf(aGroup(), { ...unread, now: noon + 50_000 }));
    expect(late.run).toMatchObject({ ending: null, unreadSince: noon + 50_000 });
    const later = next(first.run, seenOf(aGroup(), { ...unread, now: noon + 60_000 }));
    expect(later.run.ending?.status).toBe("held");
  });
});

describe("what is known of the kill switch at a look", () => {
  const deps = {
    incidents: { openIncidentOf: async () => null, get: async () => null },
    lock: { holder: async () => null },
    runs: { get: async () => null },
  };
  const read = async () => ({ engaged: true, says: "engaged" });

  it("is read while anything could be sent, and not by a dry run", async () => {
    const fencing = { ...run, phase: "fence" as const };
    expect(await knownSituation(fencing, { ...deps, killSwitch: { read } })).toMatchObject({
      killSwitch: { engaged: true },
    });
    const dry = { ...fencing, input: anInput({ dryRun: true }) };
    expect(await knownSituation(dry, { ...deps, killSwitch: { read } })).not.toHaveProperty("killSwitch");
  });

  it("is null where it cannot be read, and absent where there is none", async () => {
    const broken = { read: () => Promise.reject(new Error("no answer")) };
    expect(await knownSituation(run, { ...deps, killSwitch: broken })).toMatchObject({
      killSwitch: { engaged: null, says: "no answer" },
    });
    expect(await knownSituation(run, deps)).not.toHaveProperty("killSwitch");
  });
});
