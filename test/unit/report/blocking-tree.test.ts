import { describe, expect, it } from "vitest";
import { blockingTreeOf } from "../../../functions/core/report/blocking-tree.ts";
import { treeLines } from "../../../functions/core/report/tree-text.ts";
import { aView } from "../../support/evidence-builder.ts";
import { aForest, aPrepared, aSession, keyOf } from "../../support/forest-builder.ts";

describe("the blocking tree as it is drawn", () => {
  it("P4 is absent when nobody waits", () => {
    expect(blockingTreeOf(aView())).toBeNull();
  });

  it("P4 puts the worst blocker first and everybody behind the one that keeps them waiting", () => {
    const [small, big, middle] = [aSession(1), aSession(2), aSession(3, { application: "migrate" })];
    const forest = aForest([
      { who: small, holds: [{}] },
      { who: aSession(11), behind: keyOf(small), waits: { waitSeconds: 500 } },
      { who: big, holds: [{}] },
      { who: middle, behind: keyOf(big), waits: { waitSeconds: 9 } },
      { who: aSession(21), behind: keyOf(middle), queued: true, waits: { waitSeconds: 5 } },
    ]);
    const tree = blockingTreeOf(aView({ forests: [forest] }));
    expect(tree?.roots.map(({ key }) => key)).toEqual(["session:2", "session:1"]);
    expect(tree?.roots[0]?.children[0]).toMatchObject({
      key: "session:3",
      role: "queue",
      blocks: "blocks 1 session",
    });
    expect(tree?.roots[0]?.blocks).toBe("blocks 2 sessions");
    const lines = treeLines(tree ?? { roots: [], waiters: 0, more: 0 });
    expect(lines).toHaveLength(5);
    expect(lines[2]).toMatch(/^ {3}└─ .*pid 21/);
  });

  it("P4 draws a prepared transaction, and says that there is no session", () => {
    const prepared = aPrepared("order-7");
    const forest = aForest([
      { who: prepared, holds: [{}] },
      { who: aSession(4), behind: keyOf(prepared), waits: {} },
    ]);
    const tree = blockingTreeOf(aView({ forests: [forest] }));
    expect(tree?.roots[0]?.who).toBe("prepared transaction order-7");
    expect(tree?.roots[0]?.state).toContain("no session");
  });

  it("P4 draws waiters that are alike once, but never one that blocks somebody itself", () => {
    const root = aSession(1);
    const alike = Array.from({ length: 30 }, (_, index) => aSession(100 + index, { query: "UPDATE seats" }));
    const forest = aForest([
      { who: root, holds: [{}] },
      ...alike.map((who) => ({ who, behind: keyOf(root), waits: { waitSeconds: 3 } })),
      { who: aSession(500), behind: "session:100", waits: {} },
    ]);
    const [drawn] = blockingTreeOf(aView({ forests: [forest] }))?.roots ?? [];
    expect(drawn?.children.map(({ key }) => key)[0]).toBe("session:100");
    expect(drawn?.children).toHaveLength(2);
    expect(drawn?.children[1]?.who).toMatch(/^29 sessions of /);
  });

  it("P4 cuts lines to the width of a terminal", () => {
    const root = aSession(1, { query: "x".repeat(400) });
    const forest = aForest([
      { who: root, holds: [{}] },
      { who: aSession(2), behind: keyOf(root), waits: {} },
    ]);
    const tree = blockingTreeOf(aView({ forests: [forest] }));
    for (const line of treeLines(tree ?? { roots: [], waiters: 0, more: 0 }, 60))
      expect(line.length).toBeLessThanOrEqual(60);
  });
});
