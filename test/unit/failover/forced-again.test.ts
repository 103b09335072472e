import { describe, expect, it } from "vitest";
import { again } from "../../../functions/core/failover/commands.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, aLook, anInput, aRun, noon, seenOf, withNode } from "../../support/failover-builder.ts";

const minute = 60_000;
const begun = ["primary-alive", "candidate-lag-unknown"];
const run = aRun({
  ...{ input: anInput({ force: begun, maxLagSeconds: 90 }), group: "orders-db", token: 7 },
  ...{
    method: "promote-replica",
    candidate: "orders-db-1",
    oldPrimary: "orders-db",
    groupsBefore: ["sg-app"],
  },
});
const of = { at: noon, tries: 1, unclear: false, answer: "none" as const, says: null };
const later = seenOf(aGroup(), { now: noon + 5 * minute });
const all = " --max-lag-seconds 90 --force primary-alive --force candidate-lag-unknown";

function endOf(change: object, seen = later) {
  return next({ ...run, ...change }, seen).run.ending;
}

describe("what is printed behind a forced run", () => {
  it("F3 names what it was started with beside what stands now", () => {
    const held = endOf({ phase: "fence" });
    expect(held).toMatchObject({ status: "held", says: expect.stringContaining("nothing proves") });
    expect(held?.nextCommand).toBe(
      `responder failover orders-db --reason "…"${all} --force old-primary-unfenced`,
    );
    const look = aLook({ applied: { kind: "lsn", value: "0/400" } });
    const behind = seenOf(withNode(aGroup(), "orders-db-1", { look }), { now: noon + 5 * minute });
    expect(endOf({ phase: "catch-up", fencedBy: "restart" }, behind)?.nextCommand).toBe(
      `responder failover orders-db --reason "…"${all} --force not-caught-up`,
    );
  });

  it("F3 names it where nothing more stands, and every one that can be by no name", () => {
    expect(again(run)).toBe(`responder failover orders-db --reason "…"${all}`);
    const whole = { input: anInput({ force: true }) };
    expect(again(whole, ["primary-alive"])).toBe('responder failover orders-db --reason "…" --force');
  });

  it("F5 keeps for its redrive what that names, and not that a primary serves", () => {
    const called = { sent: { execute: of, wall: of }, phase: "catch-up", fencedBy: "restart" };
    const look = aLook({ applied: { kind: "lsn", value: "0/400" } });
    const behind = seenOf(withNode(aGroup(), "orders-db-1", { look }), { now: noon + 5 * minute });
    expect(endOf(called, behind)?.nextCommand).toBe(
      "responder failover --redrive run-1 --force candidate-lag-unknown --force not-caught-up",
    );
  });
});
