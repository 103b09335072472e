import { describe, expect, it } from "vitest";
import { moreThan, tookWrites } from "../../../functions/core/failover/loss.ts";
import { redrive } from "../../../functions/core/failover/redrive.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, aLook, aRun, noon, seenOf, withNode } from "../../support/failover-builder.ts";

const minute = 60_000;
const day = 86_400_000;
const of = { at: noon, tries: 1, unclear: false, answer: "none" as const, says: null };
const ended = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, phase: "ended", sent: { execute: of }, fencedBy: "restart", sawAt: noon + minute },
  ...{ checkedAt: noon, groupsBefore: ["sg-app"] },
  ending: { status: "failed", phase: "execute", says: "It ended.", nextCommand: "x" },
});
const shownEnd = {
  ...{ status: "failed" as const, phase: "prove-writable" as const, says: "It ended.", nextCommand: "x" },
};

describe("what was agreed to, for a redrive minutes later", () => {
  it("F5 counts for what it was: an override that nobody else has agreed to is asked for", () => {
    const plain = redrive(ended, noon + 2 * minute, false);
    expect(plain).toMatchObject({ phase: "fence", times: { approved: noon } });
    const forced = redrive(ended, noon + 2 * minute, false, ["old-primary-unfenced"]);
    expect(forced).toMatchObject({ phase: "check", times: { approved: null }, approved: false });
    const own = redrive(ended, noon + 2 * minute, true, ["old-primary-unfenced"]);
    expect(own).toMatchObject({ phase: "fence", times: { approved: noon + 2 * minute } });
  });

  it("F5 counts no more where people were told that the old primary is left, or it took writes", () => {
    const duty = { kind: "watch-old-primary" as const, node: "orders-db", since: noon, because: "x" };
    const told = { ...ended, duties: [{ ...duty, toldAt: noon + minute }] };
    const took = { ...ended, loss: moreThan(null, tookWrites("orders-db")) };
    for (const run of [told, took]) {
      expect(redrive(run, noon + 5 * minute, true).phase).toBe("check");
      const shown = redrive({ ...run, ending: shownEnd }, noon + 5 * minute, true);
      expect(shown).toMatchObject({ phase: "prove-writable", times: { approved: null } });
    }
  });

  it("F5 leaves it to people which of two goes on, also minutes behind the call", () => {
    const loss = moreThan(null, tookWrites("orders-db"));
    const both = withNode(aGroup({ primary: "orders-db-1" }), "orders-db-1", {
      ...{ role: "writer", replicaOf: null, look: aLook({ writable: true, traces: false }) },
    });
    const writes = withNode(both, "orders-db", { look: aLook({ writable: true, clients: 9 }) });
    const run = redrive({ ...ended, ending: shownEnd, loss }, noon + 5 * minute, true);
    const step = next(run, seenOf(writes, { now: noon + 5 * minute }));
    expect(step.run.ending?.says).toContain("To stay with orders-db:");
    expect(JSON.stringify(step)).not.toContain('"kind":"fence"');
  });
});

describe("what was forced once", () => {
  const force = ["primary-alive"];

  it("F5 is not forced by a redrive of days later, whoever forced it, and that is noted", () => {
    const begun = { ...ended, input: { ...ended.input, force } };
    const forced = redrive(begun, noon + 3 * day);
    expect(forced.input.force).toBe(false);
    expect(forced.notes.join()).toContain("without --force primary-alive of its beginning");
    const again = redrive(ended, noon + minute, true, force);
    expect(again).toMatchObject({ forcedAgain: force, input: { force: false } });
    const later = redrive({ ...again, phase: "ended", ending: ended.ending }, noon + 2 * minute);
    expect(later).toMatchObject({ forcedAgain: [], input: { force: false } });
    const all = redrive({ ...ended, input: { ...ended.input, force: true } }, noon + 3 * day);
    expect(all.input.force).toBe(false);
  });

  it("F5 counts as long as what was agreed to, and what the redrive itself names", () => {
    const run = { ...ended, input: { ...ended.input, force } };
    expect(redrive(run, noon + 5 * minute).input.force).toEqual(force);
    const unfenced = { ...ended, input: { ...ended.input, force: ["old-primary-unfenced", ...force] } };
    expect(redrive({ ...unfenced, ending: shownEnd }, noon + 3 * day).input.force).toEqual([
      "old-primary-unfenced",
    ]);
    expect(redrive(run, noon + 3 * day, true, ["names-elsewhere"])).toMatchObject({
      ...{ forcedAgain: ["names-elsewhere"], input: { force: false } },
    });
  });
});
