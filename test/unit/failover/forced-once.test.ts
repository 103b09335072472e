import { describe, expect, it } from "vitest";
import { redrive } from "../../../functions/core/failover/redrive.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, aLook, anInput, aRun, noon, seenOf, withNode } from "../../support/failover-builder.ts";

const days = noon + 3 * 86_400_000;
const of = { at: noon, tries: 1, unclear: false, answer: "none" as const, says: null };
const ended = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, phase: "ended", sent: { execute: of } },
  ending: { status: "failed", phase: "execute", says: "It ended.", nextCommand: "x" },
});
const begunWith = (force: string[] | true) => ({ ...ended, input: anInput({ force }) });
const alive = withNode(aGroup(), "orders-db", { look: aLook({ writable: true, clients: 3, applied: null }) });
const unknownLag = withNode(aGroup(), "orders-db-1", {
  look: aLook({ receiving: false, applied: null, received: null, silentSeconds: null, sourceWritten: null }),
});

describe("what a failover was forced by, at a redrive of days later", () => {
  it.each([[["primary-alive"]], [true as const]])(
    "F4 lifts nothing any more: %j of its beginning",
    (force) => {
      const step = next(redrive(begunWith(force), days), seenOf(alive, { now: days }));
      expect(step).toMatchObject({ effect: { kind: "announce" }, run: { ending: { status: "failed" } } });
      expect(step.run.ending?.says).toContain("primary-alive: orders-db takes writes");
      expect(step.run.notes.join()).toMatch(/^Goes on without --force (primary-alive|all) of its beginning/);
    },
  );

  it("F4 lifts nothing any more: of an earlier redrive", () => {
    const once = redrive(ended, noon + 1_200_000, true, ["primary-alive"]);
    const again = { ...once, phase: "ended" as const, ending: ended.ending, times: ended.times };
    const step = next(redrive(again, days), seenOf(alive, { now: days }));
    expect(step.run.ending?.says).toContain("primary-alive: orders-db takes writes");
  });

  it("F4 lifts it where it is named again, and is printed for that where the primary is dead", () => {
    const forced = ["primary-alive", "candidate-lag-unknown"];
    const named = next(redrive(ended, days, true, forced), seenOf(alive, { now: days }));
    expect(named).toMatchObject({ effect: { kind: "wall" }, run: { overridden: forced } });
    const later = days + 20_000;
    const run = { ...redrive(begunWith(["candidate-lag-unknown"]), days), phaseSince: days };
    const held = next(run, seenOf(unknownLag, { now: later })).run.ending;
    expect(held?.says).toContain("candidate-lag-unknown");
    expect(held?.nextCommand).toBe("responder failover --redrive run-1 --force candidate-lag-unknown");
  });

  it("F4 counts still within sixteen minutes", () => {
    const soon = noon + 300_000;
    const step = next(redrive(begunWith(["primary-alive"]), soon), seenOf(alive, { now: soon }));
    expect(step).toMatchObject({ effect: { kind: "wall" } });
  });
});
