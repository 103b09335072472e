import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { lossText } from "../../../functions/core/failover/loss.ts";
import { redrive } from "../../../functions/core/failover/redrive.ts";
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

const minute = 60_000;
const record = { kind: "route53" as const, zoneId: "Z1", record: "orders.internal" };
const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const because = "orders-db-1 applied all that the fenced orders-db had written";
const names = [{ ref: record, reading: { pointsTo: "orders-db", proves: null, ttlSeconds: 5 } }];
/** Ended by the kill switch behind its call; people opened orders-db beside it. */
const ended: FailoverRun = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, phase: "ended", fencedBy: "door", goal: lsn("0/500"), checkedAt: noon, names: [record] },
  ...{ sent: { wall: of, fence: of, execute: of, open: of }, groupsBefore: ["sg-app"] },
  ending: { status: "failed", phase: "wait", says: "It ended.", nextCommand: "x" },
  loss: { bytes: 0, transactions: 0, seconds: 0, rows: 0, because },
});
const promoted = withNode(aGroup({ primary: "orders-db-1" }), "orders-db-1", {
  ...{ role: "writer", replicaOf: null, look: aLook({ writable: true, traces: false }) },
});
const without = { ...promoted, nodes: promoted.nodes.filter(({ id }) => id !== "orders-db") };
const at = (run: FailoverRun, topology: typeof promoted, now: number) => {
  const step = next(
    { ...run, phase: "repoint" },
    seenOf(topology, { now, names, oldGone: topology === without }),
  );
  expect(step).toMatchObject({ effect: { kind: "point", to: "orders-db-1" } });
  return lossText(step.run.loss);
};

describe("what an old primary took that nobody can ask by now", () => {
  const force = ["old-primary-unfenced"];

  it.each([1, 300])("F9 is not told as nothing by a redrive %i min behind the call", (minutes) => {
    const now = noon + minutes * minute;
    expect(at(redrive(ended, now, true, force), without, now)).toBe(
      "unknown: whether orders-db took writes after the call of 2026-01-01T12:00:00.000Z is not known: it was deleted since",
    );
  });

  it("F9 is not told as nothing where its wall was lowered since", () => {
    const now = noon + 30 * minute;
    const opened = withNode(promoted, "orders-db", { securityGroups: ["sg-app"], look: noAnswer });
    expect(at(redrive(ended, now, true, force), opened, now)).toContain("its wall was lowered since");
  });

  it("F9 is nothing where the run saw to it all the time, or it is behind its wall still", () => {
    const watched = { ...ended, ending: null };
    expect(at(watched, without, noon + minute)).toBe(`nothing: ${because}`);
    const walled = withNode(promoted, "orders-db", { securityGroups: ["sg-quarantine"], look: noAnswer });
    const again = redrive(ended, noon + minute);
    expect(at(again, walled, noon + minute)).toBe(`nothing: ${because}`);
  });
});
