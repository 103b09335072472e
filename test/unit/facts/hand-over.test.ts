import { describe, expect, it } from "vitest";
import type { SecondLook } from "../../../functions/core/contract/locks.ts";
import type { Session } from "../../../functions/core/contract/session.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { someEvidence } from "../../support/evidence-builder.ts";
import { aForest, anIdleTransaction, aRunning, type Member } from "../../support/forest-builder.ts";

const row = (heap: number) => `row ${heap} on page 4 of app.counters (PRIMARY)`;

function queue(count: number, holder: number, seconds: number, object = row(2)): Member[] {
  return Array.from({ length: count }, (_, index) => ({
    who: aRunning(holder * 100 + index, seconds),
    behind: `session:${holder}`,
    waits: { object, objectKind: "row", mode: "X,REC_NOT_GAP", waitSeconds: Math.floor(seconds) },
  }));
}

function diagnosisOf(members: readonly Member[], secondLook?: SecondLook) {
  const forest = aForest(members);
  const forests = [secondLook === undefined ? forest : { ...forest, secondLook }];
  const { findings, rootCauses } = diagnose(someEvidence({ engine: "mysql", forests }), defaultSettings);
  return { roots: rootCauses, actions: findings.flatMap(({ actions }) => actions).map(({ id }) => id) };
}

const old = (id: number): Session => anIdleTransaction(id, 1, { transactionSeconds: 40 });

describe("a row of InnoDB that changes hands", () => {
  it("D10 believes the later look, however old the holder of the moment is", () => {
    const look = { seconds: 0.6, moved: [row(2)], still: [], gone: ["session:1"] };
    const members = [{ who: old(1) }, ...queue(20, 1, 9)];
    expect(diagnosisOf(members, look)).toEqual({ roots: ["hot-row-contention:session:1"], actions: [] });
    expect(diagnosisOf(members).roots).toEqual(["blocked-by-idle-transaction:session:1"]);
  });

  it("D10 knows turns of seconds by a queue that is spread evenly, whose holder has just left it", () => {
    const waits = Array.from({ length: 13 }, (_, index) => queue(1, 1, 1.5 * index + 0.5)[0]);
    const members = waits.flatMap((member, index): Member[] =>
      member === undefined ? [] : [{ ...member, who: aRunning(100 + index, 1.5 * index + 0.5) }],
    );
    const holder = anIdleTransaction(1, 1.2, { transactionSeconds: 20 });
    expect(diagnosisOf([{ who: holder }, ...members])).toEqual({
      roots: ["hot-row-contention:session:1"],
      actions: [],
    });
  });

  it("D10 sees no turns where each waits for a row of its own, however young the holder: it has them all", () => {
    const holder = anIdleTransaction(1, 0, { transactionSeconds: 14 });
    const waiting = [2, 3, 4, 5, 6].flatMap((heap) => queue(1, heap, 14, row(heap)));
    const members = waiting.map((member): Member => ({ ...member, behind: "session:1" }));
    const roots = ["blocked-by-idle-transaction:session:1"];
    expect(diagnosisOf([{ who: holder }, ...members]).roots).toEqual(roots);
    const one = ["hot-row-contention:session:1"];
    expect(diagnosisOf([{ who: holder }, ...queue(5, 1, 14)]).roots).toEqual(one);
  });

  it("D10 tells rows of one table that many pass on as one cause, with who stands among them", () => {
    const look = { seconds: 0.6, moved: [row(2)], still: [row(3)], gone: ["session:1"] };
    const members = [{ who: old(1) }, ...queue(6, 1, 4), { who: old(2) }, ...queue(2, 2, 3, row(3))];
    expect(diagnosisOf(members, look)).toEqual({ roots: ["hot-row-contention:session:1"], actions: [] });
  });

  it("D3 names nobody for what was over a moment later", () => {
    const look = { seconds: 0.6, moved: [], still: [], gone: ["session:1"] };
    const { findings, verdict } = diagnose(
      someEvidence({
        engine: "mysql",
        forests: [{ ...aForest([{ who: old(1) }, ...queue(2, 1, 3)]), secondLook: look }],
      }),
      defaultSettings,
    );
    const [finding] = findings.filter(({ id }) => id === "blocked-by-idle-transaction");
    expect(finding).toMatchObject({ severity: "P3", actions: [] });
    expect(finding?.summary).toContain("a moment later it had let go by itself");
    expect(verdict).not.toBe("unwell");
  });

  it("D3 says nothing of who lost a deadlock and rolled back for a moment: nobody idles there", () => {
    const told = (gone: readonly string[]) => {
      const loser = anIdleTransaction(1, 0, { ending: "rolling-back", transactionSeconds: 14 });
      const look = { seconds: 0.6, moved: [], still: gone.length === 0 ? [row(2)] : [], gone: [...gone] };
      const forest = { ...aForest([{ who: loser }, ...queue(2, 1, 3)]), secondLook: look };
      const { findings } = diagnose(someEvidence({ engine: "mysql", forests: [forest] }), defaultSettings);
      return findings.filter(({ id }) => id === "blocked-by-idle-transaction").length;
    };
    expect(told(["session:1"])).toBe(0);
    expect(told([])).toBe(1);
  });

  it("D3 says nothing of who was between two statements for a moment, and kept nobody waiting for long", () => {
    const told = (idleSeconds: number, waitSeconds: number) => {
      const owner = anIdleTransaction(1, idleSeconds, { transactionSeconds: 14 });
      const look = { seconds: 0.6, moved: [], still: [row(3)], gone: ["session:1"] };
      const forest = { ...aForest([{ who: owner }, ...queue(3, 1, waitSeconds)]), secondLook: look };
      const { findings } = diagnose(someEvidence({ engine: "mysql", forests: [forest] }), defaultSettings);
      return findings.filter(({ id }) => id === "blocked-by-idle-transaction").length;
    };
    expect(told(0.02, 0)).toBe(0);
    expect(told(0.02, 3)).toBe(1);
    expect(told(3, 0)).toBe(1);
  });

  it("D3 blames an idle session on the same row, which the later look found again", () => {
    const look = { seconds: 0.6, moved: [], still: [row(2)], gone: [] };
    const { roots, actions } = diagnosisOf([{ who: anIdleTransaction(1, 70) }, ...queue(20, 1, 69)], look);
    expect(roots).toEqual(["blocked-by-idle-transaction:session:1"]);
    expect(actions).toContain("terminate-session");
  });

  it("D3 takes many sessions that one client left the same way for one cause, each with its own remedy", () => {
    const holders = [1, 2, 3, 4].flatMap((id): Member[] => [
      { who: anIdleTransaction(id, 400) },
      ...queue(id === 2 ? 5 : 2, id, 300, row(id + 1)),
    ]);
    const { roots, actions } = diagnosisOf(holders);
    expect(roots).toEqual(["blocked-by-idle-transaction:session:2"]);
    expect(actions.filter((id) => id === "terminate-session")).toHaveLength(4);
  });
});
