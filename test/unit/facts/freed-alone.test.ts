import { describe, expect, it } from "vitest";
import type { ProposedAction } from "../../../functions/core/contract/finding.ts";
import { freedBy, holdersWith } from "../../../functions/core/facts/freed-alone.ts";
import { lockGraphOf } from "../../../functions/core/facts/lock-graph.ts";
import { nextCandidate } from "../../../functions/core/incident/plan.ts";
import { blockedByIdleTransaction } from "../../../functions/core/rules/locks/blocked-by-idle-transaction.ts";
import { ddlLockQueue } from "../../../functions/core/rules/locks/ddl-lock-queue.ts";
import { aView } from "../../support/evidence-builder.ts";
import { aForest, anIdleTransaction, aRunning, type Member, waiters } from "../../support/forest-builder.ts";
import { anIncident } from "../../support/incident-builder.ts";

const holder: Member = { who: anIdleTransaction(1, 300), holds: [{ mode: "ShareLock" }] };
const beside: Member = { who: anIdleTransaction(2, 200), holds: [{ mode: "ShareLock" }], blocksDirectly: 3 };
const waiting = (id: number, change: Partial<Member> = {}): Member => ({
  who: aRunning(id, 100),
  behind: "session:1",
  holderCount: 1,
  ...change,
});

function freed(members: readonly Member[], key = "session:1"): number {
  const graph = lockGraphOf([aForest(members)]);
  const member = graph.members.get(key);
  if (member === undefined) throw new Error(key);
  return freedBy(graph, member);
}

describe("who goes on when one session ends", () => {
  it("D8 is everybody below a lock's only holder", () => {
    expect(freed([holder, waiting(10), waiting(11, { behind: "session:10" })])).toBe(2);
  });

  it("D8 is nobody while others hold the same lock", () => {
    expect(freed([holder, beside, waiting(10, { holderCount: 2 })])).toBe(0);
    expect(
      freed([holder, beside, waiting(10, { holderCount: 2 }), waiting(11, { behind: "session:10" })]),
    ).toBe(0);
  });

  it("D8 is told from the holders that can be seen where the evidence does not count them", () => {
    const { holderCount: _, ...uncounted } = waiting(10);
    expect(freed([holder, beside, uncounted])).toBe(0);
    expect(freed([holder, uncounted])).toBe(1);
    const graph = lockGraphOf([aForest([holder, beside, uncounted])]);
    const [root] = graph.roots;
    expect(root && holdersWith(graph, root)).toBe(2);
  });

  it("D8 leaves out who stands in the queue behind one that goes on waiting", () => {
    const first = waiting(10, { holderCount: 2, waits: { queuePosition: 1 } });
    const second = waiting(11, { holderCount: 1, blockerCount: 2, waits: { queuePosition: 2 } });
    const elsewhere = waiting(12, { holderCount: 1, waits: { object: "lines", queuePosition: 1 } });
    expect(freed([holder, beside, first, second, elsewhere])).toBe(1);
  });

  it("D8 is nobody behind the second of two queued changes, and everybody behind an only one", () => {
    const strong = { mode: "AccessExclusiveLock" } as const;
    const first = waiting(10, { waits: { ...strong, queuePosition: 1 } });
    const second = waiting(11, { waits: { ...strong, queuePosition: 2 } });
    const reader = waiting(12, {
      behind: "session:11",
      queued: true,
      holderCount: 0,
      waits: { queuePosition: 3 },
    });
    expect(freed([holder, first, second, reader], "session:11")).toBe(0);
    expect(freed([holder, second, reader], "session:11")).toBe(1);
  });

  it("D8 takes waiters that were only counted to be like those that can be seen", () => {
    const many = Array.from({ length: 6 }, (_, index) => waiting(10 + index));
    const omitted = new Set(["session:14", "session:15"]);
    const graph = lockGraphOf([aForest([holder, ...many], omitted)]);
    const shared = many.map((member) => ({ ...member, holderCount: 2 }));
    const graphShared = lockGraphOf([aForest([holder, beside, ...shared], omitted)]);
    const [root] = graph.roots;
    const [rootShared] = graphShared.roots;
    if (root === undefined || rootShared === undefined) throw new Error("no root");
    expect([freedBy(graph, root), freedBy(graphShared, rootShared)]).toEqual([6, 0]);
  });
});

describe("several holders of one lock", () => {
  const members = [
    holder,
    beside,
    ...waiters(46, "session:1").map((member) => ({ ...member, holderCount: 3 })),
  ];

  it("D8 are told, and none of them is ended unasked: it would free nobody", () => {
    const [finding] = blockedByIdleTransaction.evaluate(aView({ forests: [aForest(members)] }));
    expect(finding?.severity).toBe("P1");
    expect(finding?.summary).toContain(
      "it is one of 3 that hold this lock, and ending one of them frees nobody",
    );
    expect(finding?.actions).toEqual([
      expect.objectContaining({ id: "terminate-session", automatic: false, frees: null }),
    ]);
    expect(finding?.actions[0]?.consequence).toContain("2 other sessions hold the same lock");
    expect(finding?.actions[0]?.consequence).toContain("before anybody is free");
  });

  it("D8 leave the incident without anything to try", () => {
    const [draft] = blockedByIdleTransaction.evaluate(aView({ forests: [aForest(members)] }));
    if (draft === undefined) throw new Error("no finding");
    const finding = {
      id: "blocked-by-idle-transaction",
      key: "blocked-by-idle-transaction:session:1",
      category: "locks" as const,
      explainedBy: [],
      ...draft,
      explains: [],
      evidence: [...draft.evidence],
      actions: [...draft.actions],
    };
    const incident = anIncident();
    const by = { keyOf: ({ id }: Pick<ProposedAction, "id">) => id, modeOf: () => "auto" as const };
    expect(
      nextCandidate(incident, { summary: { rootCauses: [finding] }, at: incident.openedAt }, by),
    ).toBeNull();
  });

  it("D8 do not keep the queued change from being cancelled, which frees everybody behind it", () => {
    const change = waiting(10, {
      holderCount: 2,
      waits: { mode: "AccessExclusiveLock", queuePosition: 1, waitSeconds: 12 },
    });
    const readers = waiters(30, "session:10", { queued: true });
    const [finding] = ddlLockQueue.evaluate(
      aView({ forests: [aForest([holder, beside, change, ...readers])] }),
    );
    expect(finding?.actions[0]).toMatchObject({ id: "cancel-query", automatic: true, frees: 30 });
  });
});
