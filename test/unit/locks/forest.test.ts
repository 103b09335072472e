import { describe, expect, it } from "vitest";
import type { LockForest, LockNode } from "../../../functions/core/contract/locks.ts";
import { buildForest, directBlockers, type LockRequest } from "../../../functions/core/locks/forest.ts";
import { holds, lockInput, session, sharedAndExclusive, waits } from "./lab-locks.ts";

const X = "X";
const S = "S";

function nodeOf(forest: LockForest, key: string): LockNode {
  const node = forest.nodes.find((candidate) => candidate.key === key);
  if (!node) throw new Error(`${key} is not in the forest`);
  return node;
}

const parents = (forest: LockForest): Record<string, string | null> =>
  Object.fromEntries(forest.nodes.map(({ key, parent }) => [key, parent]));

/** 1 ← 2 ← 3 …: each holds a row of its own and waits for the one before. */
function chain(length: number): LockRequest[] {
  return Array.from({ length }, (_, index) => index + 1).flatMap((id) => [
    holds(`session:${id}`, { object: `row ${id}`, mode: X }),
    ...(id > 1 ? [waits(`session:${id}`, { object: `row ${id - 1}`, mode: X, waitSeconds: id })] : []),
  ]);
}

describe("buildForest", () => {
  it("P4 shows a chain with the number each member blocks directly and in all", () => {
    const forest = buildForest(lockInput(chain(4)));

    expect(parents(forest)).toEqual({
      "session:1": null,
      "session:2": "session:1",
      "session:3": "session:2",
      "session:4": "session:3",
    });
    expect(forest.nodes.map(({ blocksTotal }) => blocksTotal)).toEqual([3, 2, 1, 0]);
    expect(forest.nodes.map(({ blocksDirectly }) => blocksDirectly)).toEqual([1, 1, 1, 0]);
    expect(nodeOf(forest, "session:1").longestWaitSeconds).toBe(4);
    expect(nodeOf(forest, "session:4").longestWaitSeconds).toBeNull();
    expect(forest).toMatchObject({ waiters: 3, omittedWaiters: 0, lockRows: 7, cycles: [] });
  });

  it("P4 puts a star under its one holder and says who is next in line", () => {
    const line = { object: "row", mode: X };
    const forest = buildForest(
      lockInput([holds("session:9", line), waits("session:10", line), waits("session:2", line)]),
    );

    expect(forest.nodes.map(({ key }) => key)).toEqual(["session:9", "session:2", "session:10"]);
    expect(nodeOf(forest, "session:9")).toMatchObject({ blocksDirectly: 2, blocksTotal: 2, waitsFor: null });
    expect(nodeOf(forest, "session:10")).toMatchObject({
      parent: "session:9",
      behindQueue: false,
      blockerCount: 1,
      waitsFor: { queuePosition: 1 },
    });
    // The engine counts the request queued ahead as a blocker too.
    expect(nodeOf(forest, "session:2")).toMatchObject({ blockerCount: 2, waitsFor: { queuePosition: 2 } });
  });

  it("P4 hangs readers behind a queued DDL, not behind the reader that holds the table", () => {
    const forest = buildForest(
      lockInput([
        holds("session:1", { object: "t", mode: S }),
        waits("session:2", { object: "t", mode: X }),
        waits("session:3", { object: "t", mode: S }),
        waits("session:4", { object: "t", mode: S }),
      ]),
    );

    expect(nodeOf(forest, "session:2")).toMatchObject({
      parent: "session:1",
      behindQueue: false,
      blocksDirectly: 2,
      blocksTotal: 2,
    });
    for (const key of ["session:3", "session:4"]) {
      expect(nodeOf(forest, key)).toMatchObject({ parent: "session:2", behindQueue: true, blockerCount: 1 });
    }
    expect(nodeOf(forest, "session:1")).toMatchObject({ blocksDirectly: 1, blocksTotal: 3 });
  });

  it("P4 prefers the holder that can go on by itself, then the one that blocks most, then the oldest", () => {
    const shared = [1, 2, 3, 4].map((id) => holds(`session:${id}`, { object: "t", mode: S }));
    const rows = [
      ...shared,
      waits("session:5", { object: "t", mode: X }),
      holds("session:9", { object: "r", mode: X }),
      waits("session:1", { object: "r", mode: X }),
    ];
    const byAge = lockInput(rows);
    byAge.sessions.set("session:3", session(3, { transactionSeconds: 900 }));
    const byCount = lockInput([
      ...rows,
      holds("session:4", { object: "u", mode: X }),
      waits("session:7", { object: "u", mode: X }),
    ]);
    byCount.sessions.set("session:3", session(3, { transactionSeconds: 900 }));

    expect(nodeOf(buildForest(lockInput(rows)), "session:5").parent).toBe("session:2");
    expect(nodeOf(buildForest(byAge), "session:5").parent).toBe("session:3");
    expect(nodeOf(buildForest(byCount), "session:5").parent).toBe("session:4");
  });

  it("P4 keeps the other holders visible, since ending only one of them frees nobody", () => {
    const forest = buildForest(
      lockInput([
        holds("session:1", { object: "t", mode: S }),
        holds("session:2", { object: "t", mode: S }),
        waits("session:3", { object: "t", mode: X }),
      ]),
    );

    expect(nodeOf(forest, "session:3").blockerCount).toBe(2);
    expect(nodeOf(forest, "session:2")).toMatchObject({ parent: null, blocksDirectly: 1, blocksTotal: 0 });
  });

  it("P4 counts a holder that also waits ahead as one blocker, and never as its own", () => {
    const forest = buildForest(
      lockInput([
        holds("session:1", { object: "t", mode: S }),
        holds("session:2", { object: "t", mode: S }),
        waits("session:2", { object: "t", mode: X }),
        waits("session:3", { object: "t", mode: X }),
      ]),
    );

    expect(nodeOf(forest, "session:2")).toMatchObject({
      parent: "session:1",
      blockerCount: 1,
      blocksDirectly: 1,
    });
    expect(nodeOf(forest, "session:3")).toMatchObject({ parent: "session:1", blockerCount: 2 });
  });

  it("P4 makes a prepared transaction a root without a session", () => {
    const prepared = new Map([
      ["prepared:tx-1", { gid: "tx-1", owner: "shop", database: "app", ageSeconds: 5000 }],
    ]);
    const forest = buildForest(
      lockInput(
        [holds("prepared:tx-1", { object: "r", mode: X }), waits("session:5", { object: "r", mode: X })],
        { prepared },
      ),
    );

    expect(nodeOf(forest, "prepared:tx-1")).toMatchObject({
      session: null,
      prepared: { gid: "tx-1" },
      blocksTotal: 1,
    });
  });

  it("P4 counts parallel workers as the session they work for, which never blocks itself", () => {
    const line = { object: "t", mode: X };
    const forest = buildForest(
      lockInput([
        holds("session:1", line),
        waits("session:2", { ...line, order: 1 }),
        waits("session:2", { ...line, order: 2 }),
        waits("session:2", { ...line, order: 3 }),
        waits("session:3", { ...line, order: 4 }),
      ]),
    );

    expect(forest.waiters).toBe(2);
    expect(nodeOf(forest, "session:2")).toMatchObject({ parent: "session:1", blockerCount: 1 });
    expect(nodeOf(forest, "session:3")).toMatchObject({ blockerCount: 2 });
  });

  it("P4 reports a cycle and cuts it, so that whoever walks up reaches a root", () => {
    const rows = [1, 2, 3].flatMap((id) => [
      holds(`session:${id}`, { object: `r${id}`, mode: X }),
      waits(`session:${id}`, { object: `r${(id % 3) + 1}`, mode: X }),
    ]);
    const forest = buildForest(lockInput([...rows, waits("session:4", { object: "r2", mode: X })]));

    expect(forest.cycles).toEqual([["session:1", "session:2", "session:3"]]);
    expect(nodeOf(forest, "session:1")).toMatchObject({ parent: null, blocksTotal: 3 });
    expect(nodeOf(forest, "session:1").waitsFor).not.toBeNull();
    expect(nodeOf(forest, "session:4").parent).toBe("session:2");
  });

  it("P4 shows a waiter whose blocker went between two looks as waiting for nobody", () => {
    const forest = buildForest(lockInput([waits("session:1", { object: "r", mode: X })]));

    expect(nodeOf(forest, "session:1")).toMatchObject({ parent: null, blockerCount: 0, blocksTotal: 0 });
  });

  it("P4 leaves out the shortest waits first when there are too many, and still counts them", () => {
    const line = { object: "r", mode: X };
    const leaves = Array.from({ length: 50 }, (_, index) =>
      waits(`session:${index + 10}`, { ...line, waitSeconds: index }),
    );
    const forest = buildForest(lockInput([holds("session:1", line), ...leaves], { maxNodes: 4 }));

    expect(forest.nodes.map(({ key }) => key)).toEqual([
      "session:1",
      "session:57",
      "session:58",
      "session:59",
    ]);
    expect(forest).toMatchObject({ waiters: 50, omittedWaiters: 47 });
    expect(nodeOf(forest, "session:1").blocksTotal).toBe(50);
  });

  it("P4 keeps every parent of what it keeps when even the inner members are too many", () => {
    const forest = buildForest(lockInput(chain(100), { maxNodes: 10 }));
    const keys = new Set(forest.nodes.map(({ key }) => key));

    expect(keys.size).toBe(10);
    expect(forest.nodes.every(({ parent }) => parent === null || keys.has(parent))).toBe(true);
    expect(forest.omittedWaiters).toBe(90);
  });

  it("P4 gives the same answer whatever order the rows come in", () => {
    const rows = [
      ...chain(8),
      ...[20, 21, 22].map((id) => waits(`session:${id}`, { object: "row 3", mode: S })),
    ];
    const expected = buildForest(lockInput(rows));

    expect(buildForest(lockInput(rows.toReversed()))).toEqual(expected);
    expect(buildForest(lockInput([...rows.slice(5), ...rows.slice(0, 5)]))).toEqual(expected);
  });

  it.each([
    ["star", (n: number) => [holds("session:0", { object: "r", mode: X }), ...many(n, () => "r")]],
    ["chain", (n: number) => chain(n + 1)],
    ["tree", (n: number) => [...many(n, (id) => `o${id >> 2}`), ...own(n)]],
  ])("P4 asks as few questions about 5,000 waiters as about 50 (%s)", (_shape, rows) => {
    const questions = [50, 5000].map((waiters) => {
      let asked = 0;
      const forest = buildForest(
        lockInput(rows(waiters), {
          conflicts: (kind, held, wanted) => {
            asked += 1;
            return sharedAndExclusive(kind, held, wanted);
          },
        }),
      );
      expect(forest.waiters).toBe(waiters);
      return asked;
    });

    expect(questions[1]).toBe(questions[0]);
  });

  it("P4 never looks at pairs: 5,000 waiters on one row need memory for 5,000, not for their square", () => {
    const forest = buildForest(
      lockInput([holds("session:0", { object: "r", mode: X }), ...many(5000, () => "r")], { maxNodes: 100 }),
    );

    expect(nodeOf(forest, "session:0")).toMatchObject({ blocksDirectly: 5000, blocksTotal: 5000 });
    expect(forest.nodes).toHaveLength(100);
  });
});

describe("directBlockers", () => {
  it("P4 agrees with the counts of the forest on every waiter", () => {
    const modes = [S, X];
    const rows = Array.from({ length: 60 }, (_, id) => {
      const line = { object: `o${id % 5}`, mode: modes[(id * 7) % 3 === 0 ? 0 : 1] ?? X };
      return id % 4 === 0 ? holds(`session:${id}`, line) : waits(`session:${id}`, line);
    });
    const upgrades = [0, 4, 8].map((id) => waits(`session:${id}`, { object: `o${id % 5}`, mode: X }));
    const input = lockInput([...rows, ...upgrades]);
    const exact = directBlockers(input);
    const counted = buildForest(input).nodes.filter(({ waitsFor }) => waitsFor !== null);

    expect(counted.length).toBe(exact.size);
    for (const { key, blockerCount } of counted)
      expect([key, blockerCount]).toEqual([key, exact.get(key)?.size]);
  });
});

function many(count: number, objectOf: (id: number) => string): LockRequest[] {
  return Array.from({ length: count }, (_, index) =>
    waits(`session:${index + 1}`, { object: objectOf(index + 1), mode: X }),
  );
}

function own(count: number): LockRequest[] {
  return Array.from({ length: count + 1 }, (_, id) => holds(`session:${id}`, { object: `o${id}`, mode: X }));
}
