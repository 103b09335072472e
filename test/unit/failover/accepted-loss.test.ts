import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { redrive } from "../../../functions/core/failover/redrive.ts";
import { next } from "../../../functions/core/failover/run.ts";
import {
  aGroup,
  aLook,
  aNode,
  anInput,
  aRun,
  noAnswer,
  noon,
  seenOf,
  withNode,
} from "../../support/failover-builder.ts";

const gtid = { kind: "gtid" as const, value: "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5" };
/** In the third minute: CloudWatch says -1, and what stood there before. */
const dead = (seconds: number) =>
  aGroup({
    engine: "mysql",
    nodes: [
      aNode("orders-db", {
        ...{ role: "writer", replicaOf: null, replication: null, look: noAnswer },
        activity: { busy: false, ageSeconds: 20, busyAgeSeconds: 140 },
      }),
      aNode("orders-db-1", {
        lag: { seconds: -1, ageSeconds: 20, before: { seconds, ageSeconds: 140 } },
        replication: { status: "error", normal: false },
        look: aLook({ receiving: false, sourceWritten: null, received: gtid, applied: gtid }),
      }),
    ],
  });
const run = (overrides: Partial<FailoverRun> = {}) =>
  aRun({
    ...{ phase: "check", method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db" },
    ...{ group: "orders-db", token: 7, approved: false, ...overrides },
  });
const granted = { is: "granted" as const, at: noon + 5000, by: "U1" };

describe("the minute of a dead primary that nobody watched", () => {
  it("F3 is above the usual limit, and a card asks for it by name: the click agrees to that loss", () => {
    const step = next(run(), seenOf(dead(0)));
    expect(step).toMatchObject({ effect: { kind: "ask" }, run: { phase: "approve" } });
    const text = JSON.stringify(step);
    expect(text).toContain("Up to 60 s of writes may be lost: nobody watched the minute");
    const after = next(step.run, seenOf(dead(0), { now: noon + 6000, approval: granted }));
    expect(after).toMatchObject({ effect: { kind: "wall" }, run: { phase: "fence" } });
    expect(after.run.notes).toEqual(["U1 accepted that up to 60 s of writes may be lost."]);
  });

  it("F3 is agreed to by no click on a card that did not say so", () => {
    const clicked = run({
      ...{ approval: { is: "granted", by: "U1", at: noon, expiresAt: noon + 900_000 } },
      ...{ times: { ...run().times, approved: noon }, sent: { ask: asked } },
    });
    const step = next(clicked, seenOf(dead(0), { approval: granted }));
    expect(step).toMatchObject({
      ...{ effect: { kind: "ask" }, run: { phase: "approve", approval: null, times: { approved: null } } },
    });
  });

  it("F3 is asked of a run by an action's card, too, which knows nothing of it", () => {
    const byCard = run({ approved: true, byCard: true });
    const step = next(byCard, seenOf(dead(0)));
    expect(step).toMatchObject({ effect: { kind: "ask" } });
    const declined = { ...granted, is: "declined" as const };
    const end = next(step.run, seenOf(dead(0), { now: noon + 6000, approval: declined }));
    expect(end.run.ending).toMatchObject({ status: "held", says: "U1 declined it. Nothing was done." });
    const after = next(step.run, seenOf(dead(0), { now: noon + 6000, approval: granted }));
    expect(after).toMatchObject({ effect: { kind: "wall" } });
  });

  it("F3 is said to who agreed to everything at the start, with what he types", () => {
    const step = next(run({ approved: true }), seenOf(dead(0)));
    expect(step.run.ending).toMatchObject({
      ...{ status: "held", nextCommand: expect.stringContaining("--force candidate-lag-above-limit") },
      says: expect.not.stringContaining("replication-stopped"),
    });
    const raised = run({ approved: true, input: anInput({ maxLagSeconds: 60 }) });
    expect(next(raised, seenOf(dead(0)))).toMatchObject({ effect: { kind: "wall" } });
  });

  it("F3 is asked for with what else is overridden on the same card", () => {
    const smaller = { instanceClass: "db.r7g.medium" };
    const forced = run({ input: anInput({ force: ["candidate-smaller"] }) });
    const step = next(forced, seenOf(withNode(dead(0), "orders-db-1", smaller)));
    expect(step).toMatchObject({ effect: { kind: "ask" }, run: { overridden: ["candidate-smaller"] } });
    expect(step.is === "do" ? JSON.stringify(step.effect) : "").toContain("candidate-smaller");
  });

  it("F3 is no way round the limit: what lagged before it is not asked for, nor more than was agreed to", () => {
    expect(next(run(), seenOf(dead(31))).run.ending).toMatchObject({ status: "held" });
    const agreed = run({
      accepts: { lagSeconds: 60, granted: true },
      times: { ...run().times, approved: noon },
    });
    expect(next(agreed, seenOf(dead(0)))).toMatchObject({ effect: { kind: "wall" } });
    const more = next(agreed, seenOf(dead(20)));
    expect(more).toMatchObject({
      effect: { kind: "ask" },
      run: { accepts: { lagSeconds: 80, granted: false } },
    });
  });

  it("F1 a dry run tells that it would be asked for, as the real run asks, and is held where that one would be", () => {
    const input = anInput({ dryRun: true });
    const dry = next(run({ input }), seenOf(dead(0), { lock: "free" }));
    expect(dry).toMatchObject({ effect: { kind: "announce" } });
    expect(dry.run.ending).toMatchObject({
      ...{
        status: "dry-run",
        says: expect.stringMatching(/would ask for this: Up to 60 s .* Nothing was done/),
      },
    });
    const more = next(run({ input }), seenOf(dead(31), { lock: "free" }));
    expect(more.run.ending).toMatchObject({ status: "held" });
    const agreed = next(run({ input, approved: true }), seenOf(dead(0), { lock: "free" }));
    expect(agreed.run.ending).toMatchObject({ status: "held" });
  });

  it("F1 is asked for anew by a redrive", () => {
    const ending = { status: "failed" as const, phase: "check" as const, says: "x", nextCommand: "y" };
    const ended = run({ phase: "ended", ending, accepts: { lagSeconds: 60, granted: true } });
    expect(redrive(ended, noon).accepts).toBeNull();
  });
});

const asked = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
