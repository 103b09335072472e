import { describe, expect, it } from "vitest";
import type { Session } from "../../../../functions/core/contract/session.ts";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { commitStall as rule } from "../../../../functions/core/rules/resources/commit-stall.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aView, type Scene, someEvidence } from "../../../support/evidence-builder.ts";
import { aForest, aRunning, waiters } from "../../../support/forest-builder.ts";

const commit = (id: number, seconds: number, overrides: Partial<Session> = {}): Session =>
  aRunning(id, seconds, { query: "COMMIT", waitEvent: "IPC/SyncRep", ...overrides });

const findingOf = (sessions: readonly Session[], scene: Scene = {}) =>
  rule.evaluate(aView({ sessions, ...scene }))[0];

describe("commit-stall", () => {
  it("D4 tells commits that wait for a replica from the threshold of a slow query on, and ends nobody", () => {
    expect(findingOf([commit(1, 0.9)])).toBeUndefined();
    expect(findingOf([commit(1, 1)])).toMatchObject({ severity: "P2", actions: [] });
    expect(findingOf([commit(1, 400)])?.summary).toBe(
      "1 commit waits for a replica to confirm it, the longest for 6 min 40 s; they are made here already, and nobody is ended for it",
    );
  });

  it("D6 is P1 with many of them, and with many that wait for their locks", () => {
    const many = Array.from({ length: 10 }, (_, index) => commit(index + 1, 5));
    expect(findingOf(many)?.severity).toBe("P1");
    const forests = [
      aForest([{ who: commit(1, 5), holds: [{}] }, ...waiters(12, "session:1", { seconds: 4 })]),
    ];
    expect(findingOf([commit(1, 5)], { forests })).toMatchObject({ severity: "P1" });
  });

  it("A40 is the cause of what waits for such a commit's locks, and nothing is proposed for it", () => {
    const members = [{ who: commit(1, 400), holds: [{}] }, ...waiters(12, "session:1", { seconds: 90 })];
    const { findings, rootCauses } = diagnose(
      someEvidence({ sessions: [commit(1, 400)], forests: [aForest(members)] }),
      defaultSettings,
    );
    expect(rootCauses).toEqual(["commit-stall"]);
    expect(findings.flatMap(({ actions }) => actions)).toEqual([]);
  });

  it("D4 knows MySQL's semi-synchronous replication by its thread state", () => {
    const session = commit(1, 20, { waitEvent: "Waiting for semi-sync ACK from replica" });
    expect(findingOf([session], { engine: "mysql" })).toMatchObject({ severity: "P2", actions: [] });
  });
});
