import { describe, expect, it } from "vitest";
import { ancestors, countBelow, lockGraphOf, subtree } from "../../../functions/core/facts/lock-graph.ts";
import { aForest, anIdleTransaction, aRunning, type Member, waiters } from "../../support/forest-builder.ts";

const root: Member = { who: anIdleTransaction(1, 60) };

describe("the lock graph", () => {
  it("P4 counts waiters that were left out, once, under every ancestor", () => {
    const members: Member[] = [
      root,
      { who: aRunning(2, 20), behind: "session:1" },
      ...waiters(50, "session:2", { firstId: 100 }),
      ...waiters(10, "session:1", { firstId: 500 }),
    ];
    const omitted = [...waiters(45, "", { firstId: 105 }), ...waiters(4, "", { firstId: 500 })];
    const keys = omitted.map(({ who }) => ("gid" in who ? "" : `session:${who.id}`));
    const graph = lockGraphOf([aForest(members, new Set(keys))]);
    expect(graph.waiters).toBe(61);
    expect(countBelow(graph, "session:1")).toBe(61);
    expect(countBelow(graph, "session:2")).toBe(50);
    expect(subtree(graph, "session:1")).toHaveLength(12);
  });

  it("P24 counts no thread of the server among the waiters, which no client is behind", () => {
    const thread = { ...aRunning(0, 20), kind: "system" } as const;
    const queue = [root, ...waiters(8, "session:1", { firstId: 100 })];
    const graph = lockGraphOf([aForest([...queue, { who: thread, behind: "session:1" }])]);
    expect([graph.waiters, countBelow(graph, "session:1")]).toEqual([8, 8]);
    // Who waits for it is one all the same, and so is a worker that has a connection.
    const under = lockGraphOf([
      aForest([...queue, { who: thread, behind: "session:1" }, ...waiters(2, "session:0", { firstId: 300 })]),
    ]);
    expect(countBelow(under, "session:1")).toBe(11);
    const worker = { ...aRunning(7, 20), kind: "system" } as const;
    expect(
      countBelow(lockGraphOf([aForest([...queue, { who: worker, behind: "session:1" }])]), "session:1"),
    ).toBe(9);
  });

  it("P24 makes one root of a session that is one in both forests", () => {
    const graph = lockGraphOf([
      aForest([root, ...waiters(2, "session:1", { firstId: 100 })]),
      aForest([root, ...waiters(3, "session:1", { firstId: 200 })]),
    ]);
    expect(graph.roots.map(({ key }) => key)).toEqual(["session:1"]);
    expect(countBelow(graph, "session:1")).toBe(5);
  });

  it("P4 ends where sessions of two forests wait for each other in a circle", () => {
    const one = aRunning(1, 10);
    const two = aRunning(2, 10);
    const graph = lockGraphOf([
      aForest([{ who: one }, { who: two, behind: "session:1" }]),
      aForest([{ who: two }, { who: one, behind: "session:2" }, ...waiters(2, "session:2")]),
    ]);
    expect(graph.roots).toEqual([]);
    expect(subtree(graph, "session:1").map(({ key }) => key)).toEqual([
      "session:2",
      "session:9000",
      "session:9001",
    ]);
    const last = graph.members.get("session:9000");
    expect(last && ancestors(graph, last).map(({ key }) => key)).toEqual(["session:2", "session:1"]);
  });

  it("P4 takes a waiter whose blocker is not known for no root", () => {
    const lost: Member = { who: aRunning(3, 30), behind: "session:gone" };
    const graph = lockGraphOf([aForest([lost, ...waiters(2, "session:3")])]);
    expect(graph.roots).toEqual([]);
  });

  it("P4 walks a chain of 5,000 without recursion", () => {
    const chain = Array.from({ length: 5000 }, (_, index) => aForest([{ who: aRunning(index, 1) }]).nodes[0]);
    const nodes = chain
      .filter((node) => node !== undefined)
      .map((node, index) => ({
        ...node,
        parent: index === 0 ? null : `session:${index - 1}`,
        waitsFor: index === 0 ? null : waitsForRow,
        blocksTotal: 4999 - index,
      }));
    const graph = lockGraphOf([{ ...aForest([]), nodes, waiters: 5000, omittedWaiters: 1 }]);
    expect(countBelow(graph, "session:0")).toBe(4999);
  });
});

const waitsForRow = { object: "r", objectKind: "row", mode: "X", waitSeconds: 1, queuePosition: 1 } as const;
