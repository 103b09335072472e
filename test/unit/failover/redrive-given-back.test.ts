import { describe, expect, it } from "vitest";
import { redrive } from "../../../functions/core/failover/redrive.ts";
import { fenceStands } from "../../../functions/core/failover/turn.ts";
import { watched } from "../../../functions/core/failover/watch-duty.ts";
import { aRun, noon } from "../../support/failover-builder.ts";

const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const now = noon + 3_600_000;
const back = aRun({
  ...{ phase: "ended", method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db" },
  ...{ group: "orders-db", token: 7, fencedBy: "door", givenBack: noon + 1_200_000 },
  sent: { wall: of, fence: of, unwall: of, unfence: of, execute: { ...of, answer: "none" } },
  ending: { status: "failed", phase: "execute", says: "x", nextCommand: "y" },
});

describe("a redrive of a failover whose fence was given back", () => {
  it("F5 begins its own fence, which stands, can be given back, and is watched", () => {
    const run = redrive(back, now);
    expect(run).toMatchObject({ givenBack: null, fencedBy: null });
    expect(Object.keys(run.sent)).toEqual(["execute"]);
    const fenced = { ...run, sent: { ...run.sent, wall: { ...of, at: now } } };
    expect(fenceStands(fenced)).toBe(true);
    expect(watched(fenced, now + 1000).duties[0]).not.toHaveProperty("toldAt");
  });

  it("F5 has proved nothing of it where the promotion shows, and keeps a fence that was not given back", () => {
    const shows = {
      ...back,
      ending: { status: "failed", phase: "wait", says: "x", nextCommand: "y" },
    } as const;
    expect(redrive(shows, now).fencedBy).toBeNull();
    const stands = redrive({ ...shows, givenBack: null }, now);
    expect(stands.fencedBy).toBe("door");
    expect(Object.keys(stands.sent)).toContain("fence");
  });
});
