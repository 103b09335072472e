import { describe, expect, it } from "vitest";
import { lossText, moreThan } from "../../../functions/core/failover/loss.ts";
import { next } from "../../../functions/core/failover/run.ts";
import {
  aGroup,
  aLook,
  aRun,
  lsn,
  noAnswer,
  noon,
  seenOf,
  withNode,
} from "../../support/failover-builder.ts";

const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const none = { bytes: 0, transactions: 0, seconds: 0, rows: 0, because: "it applied all" };
const run = aRun({
  ...{ phase: "wait", method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db" },
  ...{ group: "orders-db", token: 7, fencedBy: "door", goal: lsn("0/500"), loss: none },
  ...{ times: { ...aRun().times, sent: noon }, sent: { wall: of, fence: of, execute: of } },
});
const back = withNode(aGroup(), "orders-db", { look: aLook({ writable: true, written: lsn("0/9000") }) });
const modifying = withNode(back, "orders-db-1", { status: "modifying" });

describe("an old primary that takes writes behind the call", () => {
  it("F6 leaves nobody saying that nothing is lost: what it took the new one lacks", () => {
    const step = next(run, seenOf(modifying, { now: noon + 60_000 }));
    expect(step).toMatchObject({ effect: { kind: "fence" }, run: { phase: "wait" } });
    expect(lossText(step.run.loss)).toBe(
      "unknown: orders-db took writes, or may have, after it was measured",
    );
  });

  it("F6 does so too where it was gone, and was started again", () => {
    const starting = withNode(modifying, "orders-db", { status: "starting", look: noAnswer });
    const step = next({ ...run, fencedBy: "gone" }, seenOf(starting, { now: noon + 60_000 }));
    expect(step).toMatchObject({ effect: { kind: "wall" } });
    expect(lossText(step.run.loss)).toContain("unknown: orders-db took writes");
  });

  it("F6 keeps what was measured as the least of it", () => {
    const measured = { ...none, bytes: 3120, seconds: 60, atMost: true, whole: true } as const;
    expect(lossText(moreThan(measured, "x"))).toBe("at least 3,120 bytes: x");
    expect(lossText(moreThan({ ...none, seconds: 4 }, "x"))).toBe("at least 4 s: x");
    expect(moreThan(null, "x")).toMatchObject({ bytes: null, because: "x" });
  });
});
