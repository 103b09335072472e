import { describe, expect, it } from "vitest";
import { lossOf, lossText } from "../../../functions/core/failover/loss.ts";
import { aGroup, aLook, aRun, lsn, noAnswer, withNode } from "../../support/failover-builder.ts";

const run = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", fencedBy: "restart" },
});
const because = "x";

describe("what is said of a loss", () => {
  it("F9 is up to so many seconds where the minute in which the stream ended is counted whole", () => {
    const dead = withNode(aGroup(), "orders-db", {
      activity: { busy: false, ageSeconds: 30, busyAgeSeconds: 300 },
    });
    const lag = { seconds: 300, ageSeconds: 60, before: { seconds: 1, ageSeconds: 300 } };
    const look = aLook({ receiving: false, sourceWritten: lsn("0/600") });
    const loss = lossOf(run, withNode(dead, "orders-db-1", { lag, look }));
    expect(loss).toMatchObject({ seconds: 61, atMost: true, bytes: 256 });
    expect(lossText(loss)).toMatch(/^at least 256 bytes, up to (61 s|1 min 1 s|1 min): /);
  });

  it("F9 is at least so much where only what a primary had last said is known", () => {
    const heard = aLook({
      receiving: false,
      sourceWritten: lsn("0/600"),
      heartbeatAgeSeconds: 9,
      silentSeconds: 4,
    });
    const loss = lossOf(run, withNode(aGroup(), "orders-db-1", { look: heard }));
    expect(loss).not.toHaveProperty("atMost");
    expect(lossText(loss)).toMatch(/^at least 256 bytes and 5 s: orders-db could not be asked/);
  });

  it("F9 is so much, and no more, where the fenced primary has said all that it had", () => {
    const fenced = withNode(aGroup(), "orders-db", { look: aLook({ written: lsn("0/700") }) });
    const look = aLook({ heartbeatAgeSeconds: 3 });
    const known = { ...run, fencedBy: "door" as const, goal: lsn("0/700") };
    const loss = lossOf(known, withNode(fenced, "orders-db-1", { look }));
    expect(lossText(loss)).toMatch(/^512 bytes, up to 3 s: orders-db-1 had not applied everything/);
    expect(
      lossText(lossOf({ ...known, goal: null }, withNode(aGroup(), "orders-db-1", { look: noAnswer }))),
    ).toMatch(/^unknown: /);
  });

  it("F9 says since when nothing was heard of a primary that nobody could ask: it may have served all that time", () => {
    const cutOff = aLook({ receiving: false, sourceWritten: lsn("0/500"), silentSeconds: 230 });
    const says = lossText(lossOf(run, withNode(aGroup(), "orders-db-1", { look: cutOff })));
    expect(says).toContain("what it took after its last sign of life, 3 min 50 s before, is not known");
  });

  it("F9 is read from older runs as at least so much", () => {
    const older = { bytes: 10, transactions: null, seconds: 2, rows: null, because };
    expect(lossText(older)).toBe("at least 10 bytes and 2 s: x");
  });
});
