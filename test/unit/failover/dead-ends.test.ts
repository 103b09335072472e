import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { nodeOf } from "../../../functions/core/contract/failover-topology.ts";
import { primaryState } from "../../../functions/core/failover/primary-state.ts";
import { next } from "../../../functions/core/failover/run.ts";
import {
  aGroup,
  aLook,
  aNode,
  aRun,
  lsn,
  noAnswer,
  noon,
  seenOf,
  withNode,
} from "../../support/failover-builder.ts";

const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const run = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, fencedBy: "restart", names: aGroup().names, sent: { execute: of } },
});
const cluster = aRun({
  ...{ method: "fail-over-cluster", candidate: null, oldPrimary: "a", group: "orders", token: 7 },
  ...{ names: aGroup().names, sent: { execute: of } },
});
const aurora = aGroup({ kind: "aurora", clusterId: "orders", clusterStatus: "available", primary: "b" });
const [ref] = aGroup().names;
const name = (pointsTo: string | null, proves: string | null) =>
  ref === undefined ? [] : [{ ref, reading: { pointsTo, proves, ttlSeconds: 5 } }];

describe("a failover that comes to no end by itself", () => {
  it.each(["repoint", "prove-name"] as const)("F7 ends in %s where RDS names no writer any more", (phase) => {
    const lost = { ...aurora, primary: "a" };
    const seen = (ms: number) => seenOf(lost, { now: noon + ms, names: name(null, null) });
    expect(next({ ...cluster, phase }, seen(1000))).toMatchObject({ is: "wait", run: { phase } });
    expect(next({ ...cluster, phase }, seen(300_000)).run.ending).toMatchObject({
      ...{ status: "failed", says: expect.stringContaining("RDS names no new writer") },
      nextCommand: expect.stringContaining("--redrive run-1"),
    });
  });

  it("F6 does not wait five minutes for the name of a cluster that leads to none of it", () => {
    const named = { ...cluster, candidate: "b", phase: "prove-name" as const };
    const seen = (ms: number, pointsTo: string | null) =>
      seenOf(aurora, { now: noon + ms, names: name(pointsTo, null) });
    expect(next(named, seen(36_000, null)).run.ending?.says).toContain("leads to none of this group");
    expect(next(named, seen(36_000, "a")).is).toBe("wait");
  });

  it("F6 says after two minutes how a promotion stands, once, and promotes nobody else", () => {
    const silent = withNode(aGroup(), "orders-db-1", { status: "modifying", look: noAnswer });
    const both = { ...silent, nodes: [...silent.nodes, aNode("orders-db-2")] };
    const waiting = { ...run, phase: "wait" as const };
    expect(next(waiting, seenOf(both, { now: noon + 60_000 })).is).toBe("wait");
    const step = next(waiting, seenOf(both, { now: noon + 120_000 }));
    expect(step).toMatchObject({ effect: { kind: "tell" }, run: { phase: "wait" } });
    const text = JSON.stringify(step);
    expect(text).toContain("orders-db-1 is modifying and does not answer. It may still finish");
    expect(text).toContain("aws rds describe-db-instances --db-instance-identifier orders-db-1");
    const told = { ...waiting, sent: { ...run.sent, slow: of } };
    expect(next(told, seenOf(both, { now: noon + 180_000 })).is).toBe("wait");
  });

  it("F7 does not wait for one that RDS says has failed", () => {
    const failed = withNode(aGroup(), "orders-db-1", { status: "failed", look: noAnswer });
    const step = next({ ...run, phase: "wait" }, seenOf(failed, { now: noon + 5000 }));
    expect(step.run.ending?.says).toContain("will not finish: orders-db-1 is failed");
  });
});

describe("a call that does not show, and an old primary that lives", () => {
  const alive = { look: aLook({ writable: true, clients: 5 }), securityGroups: ["sg-quarantine"] };
  const held = (change: Partial<FailoverRun>) => {
    const checked = { ...run, ...change, phase: "check" as const };
    return next(checked, seenOf(withNode(aGroup(), "orders-db", alive), { now: noon + 1_200_000 })).run
      .ending;
  };

  it("F5 F7 takes its wall off by the command that it prints: a redrive would be held again for ever", () => {
    const sent = { ...run.sent, wall: of, restart: of };
    expect(held({ sent })).toMatchObject({
      says: expect.stringContaining("primary-alive: orders-db takes writes"),
      nextCommand: "responder failover --give-back run-1",
    });
  });

  it("F7 prints no redrive either where nothing of a fence stands", () => {
    const sent = { ...run.sent, wall: of, unwall: of };
    const ending = held({ sent, givenBack: noon + 60_000, candidateResource: "db-1" });
    expect(ending?.says).toContain("primary-alive");
    expect(ending?.nextCommand).toBe(
      "aws rds describe-db-instances --filters Name=dbi-resource-id,Values=db-1",
    );
  });
});

describe("a candidate that still receives from a primary that nobody could ask", () => {
  const waiting = { ...run, phase: "catch-up" as const, sent: {} };
  const seen = (look: object, ms = 0) =>
    seenOf(withNode(aGroup(), "orders-db-1", { look: aLook(look) }), { now: noon + ms });

  it("F5 has not all of it by having applied what it received so far", () => {
    const more = { receiving: true, sourceWritten: lsn("0/900") };
    expect(next(waiting, seen(more)).is).toBe("wait");
    expect(next(waiting, seen({ ...more, received: lsn("0/900"), applied: lsn("0/900") }))).toMatchObject({
      effect: { kind: "execute" },
    });
    const untold = { receiving: true, sourceWritten: null };
    expect(next(waiting, seen(untold)).is).toBe("wait");
    expect(next({ ...waiting, input: { ...run.input, force: true } }, seen(untold, 3000)).is).toBe("do");
    expect(next(waiting, seen({ receiving: false }))).toMatchObject({ effect: { kind: "execute" } });
  });
});

describe("a host that hangs", () => {
  const saysAt = (...silences: number[]) => {
    const nodes = silences.map((silentSeconds, at) => {
      const look = aLook({ receiving: true, silentSeconds, heartbeatEverySeconds: 30 });
      return aNode(`orders-db-${at + 1}`, { look });
    });
    const idle = withNode(aGroup(), "orders-db", { look: noAnswer, activity: null });
    const topology = { ...idle, nodes: [...idle.nodes.filter(({ id }) => id === "orders-db"), ...nodes] };
    return primaryState(topology, nodeOf(topology, "orders-db"));
  };

  it("F3 says when the silence of its streams decides, unless something came just now", () => {
    expect(saysAt(12, 10.5)).toMatchObject({
      is: "path-cut",
      says: expect.stringContaining("in 25 s whether orders-db is dead"),
    });
    expect(saysAt(12, 0.4)).toEqual({ is: "path-cut", says: "replicas still receive from orders-db" });
    expect(saysAt(12, 40)).toMatchObject({ says: expect.stringContaining("in 23 s") });
  });

  const stateAt = (silentSeconds: number, heartbeatEverySeconds: number | null = 30) => {
    const look = aLook({ receiving: true, silentSeconds, heartbeatEverySeconds });
    const idle = withNode(aGroup(), "orders-db", { look: noAnswer, activity: null });
    const topology = withNode(idle, "orders-db-1", { look });
    return primaryState(topology, nodeOf(topology, "orders-db")).is;
  };

  it("F3 is no cut path for longer than a source that lives may be silent: its streams stand open for minutes", () => {
    expect(stateAt(20)).toBe("path-cut");
    expect(stateAt(40)).toBe("dead");
  });

  it("F3 is judged by how often its replica hears from a source that lives; where nobody knows, silence proves nothing", () => {
    expect(stateAt(100, 100)).toBe("path-cut");
    expect(stateAt(106, 100)).toBe("dead");
    expect(stateAt(36, 1)).toBe("dead");
    expect(stateAt(20, 1)).toBe("path-cut");
    expect(stateAt(4000, null)).toBe("path-cut");
  });
});
