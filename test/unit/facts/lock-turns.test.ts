import { describe, expect, it } from "vitest";
import type { LockForest } from "../../../functions/core/contract/locks.ts";
import type { Session } from "../../../functions/core/contract/session.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { type Scene, someEvidence } from "../../support/evidence-builder.ts";
import { aForest, anIdleTransaction, aRunning, type Member } from "../../support/forest-builder.ts";

const lockTable = "LOCK TABLE orders IN EXCLUSIVE MODE";
const lock = { object: "public.orders", objectKind: "table", mode: "ExclusiveLock" } as const;

/** So many that came one after the other, `gap` seconds apart. */
function queue(count: number, gap: number, query = lockTable): Member[] {
  return Array.from({ length: count }, (_, index) => ({
    who: aRunning(100 + index, gap * (index + 0.5), { query }),
    behind: "session:1",
    waits: { ...lock, waitSeconds: gap * (index + 0.5), queuePosition: count - index },
  }));
}

function scene(
  holder: Session,
  members: readonly Member[],
  secondLook?: LockForest["secondLook"],
  engine: Scene["engine"] = "postgres",
): Scene {
  const forest = aForest([{ who: holder, holds: [{ ...lock, explicit: true }] }, ...members]);
  return { engine, forests: [secondLook === undefined ? forest : { ...forest, secondLook }] };
}

function diagnosisOf(...args: Parameters<typeof scene>) {
  const { findings, rootCauses } = diagnose(someEvidence(scene(...args)), defaultSettings);
  const automatic = findings.flatMap(({ actions }) => actions).filter((action) => action.automatic);
  return { root: rootCauses[0], automatic: automatic.map(({ id }) => id) };
}

const still = { seconds: 0.25, moved: [], still: [lock.object] };
const moved = { seconds: 0.25, moved: [lock.object], still: [] };
const hotRow = { root: "hot-row-contention:session:1", automatic: [] };

describe("a lock of any kind that goes from hand to hand", () => {
  it("D10 knows it by its evenly spread queue and a holder who has just left it", () => {
    const holder = aRunning(1, 0.05, { transactionSeconds: 4.05, query: "UPDATE orders SET n = 1" });
    expect(diagnosisOf(holder, queue(40, 0.1))).toEqual(hotRow);
  });

  it("D10 knows a turn that is idle for a moment, and one that began with the statement that waited", () => {
    const idle = anIdleTransaction(1, 0.05, { transactionSeconds: 4.05 });
    expect(diagnosisOf(idle, queue(40, 0.1))).toEqual(hotRow);
    const commit = aRunning(1, 4.05, { query: "COMMIT" });
    expect(diagnosisOf(commit, queue(40, 0.1, "COMMIT"))).toEqual(hotRow);
  });

  it("D10 believes a second look that found another holder, whatever the first one looked like", () => {
    const burst = queue(12, 0.0001).map((member) => ({
      ...member,
      waits: { ...member.waits, waitSeconds: 3 },
    }));
    const holder = aRunning(1, 400, { query: "UPDATE orders SET n = 1" });
    expect(diagnosisOf(holder, burst, moved)).toEqual(hotRow);
  });

  it("D8 takes a holder that has been idle for longer than a turn for what it is", () => {
    const holder = anIdleTransaction(1, 70);
    const { root, automatic } = diagnosisOf(holder, queue(40, 1.7));
    expect(root).toBe("explicit-lock-held:session:1");
    expect(automatic).toEqual(["terminate-session"]);
  });

  it("D8 takes a holder that is at something else for longer than a turn for what it is", () => {
    const holder = aRunning(1, 320, { query: "UPDATE orders SET n = 1" });
    expect(diagnosisOf(holder, queue(40, 8)).root).toBe("explicit-lock-held:session:1");
  });

  it("D8 takes a lock that stood still for longer than two turns for one that is held", () => {
    const holder = aRunning(1, 4.05, { query: lockTable });
    expect(diagnosisOf(holder, queue(40, 0.1), still).root).toBe("explicit-lock-held:session:1");
    // A quarter of a second says nothing of turns of two seconds.
    const slow = aRunning(1, 81, { query: lockTable });
    expect(diagnosisOf(slow, queue(40, 2), still)).toEqual(hotRow);
  });

  it("D8 takes a burst behind one holder for no queue that moves", () => {
    const burst = queue(12, 0.0001).map((member) => ({
      ...member,
      waits: { ...member.waits, waitSeconds: 3 },
    }));
    const holder = anIdleTransaction(1, 2, { transactionSeconds: 3.2 });
    expect(diagnosisOf(holder, burst).root).toBe("explicit-lock-held:session:1");
  });

  it("D10 allows for MySQL's clocks, which count whole seconds", () => {
    const holder = aRunning(1, 1, { transactionSeconds: null, query: "UPDATE orders SET n = 1" });
    expect(diagnosisOf(holder, queue(40, 0.1), undefined, "mysql")).toEqual(hotRow);
  });
});
