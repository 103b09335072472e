import { describe, expect, it } from "vitest";
import type { FailoverTopology } from "../../../functions/core/contract/failover-topology.ts";
import { next } from "../../../functions/core/failover/run.ts";
import {
  aGroup,
  aLook,
  aNode,
  aRun,
  noAnswer,
  noon,
  seenOf,
  withNode,
} from "../../support/failover-builder.ts";

const refused = { at: noon, tries: 1, unclear: false, answer: "refused" as const, says: "Throttling" };

function standby(overrides: Partial<FailoverTopology> = {}): FailoverTopology {
  const node = aNode("orders-db", { role: "writer", replicaOf: null, multiAz: true, look: noAnswer });
  return aGroup({ kind: "multi-az-instance", nodes: [node], ...overrides });
}

const rebooting = aRun({
  ...{
    phase: "execute",
    method: "reboot-with-failover",
    oldPrimary: "orders-db",
    group: "orders-db",
    token: 7,
  },
});

describe("a call that no fence precedes", () => {
  it("F3 is not sent by whoever takes it up once RDS has failed over by itself", () => {
    const lastFailoverAt = new Date(noon - 120_000).toISOString();
    const alive = { look: aLook({ writable: true, clients: 50 }) };
    const step = next(rebooting, seenOf(withNode(standby({ lastFailoverAt }), "orders-db", alive)));
    expect(step.run.sent["execute"]).toBeUndefined();
    expect(step.run.ending).toMatchObject({
      status: "held",
      says: expect.stringMatching(/failed-over-lately.*primary-alive/),
    });
  });

  it("F3 is sent while what was checked still stands", () => {
    expect(next(rebooting, seenOf(standby()))).toMatchObject({ effect: { method: "reboot-with-failover" } });
  });

  it("F3 is sent again after a refusal: what our own record has of it is no other failover", () => {
    const run = { ...rebooting, sent: { execute: refused } };
    const lastFailoverAt = new Date(noon + 400).toISOString();
    const seen = (now: number, at: string) => seenOf(standby({ lastFailoverAt: at }), { now });
    expect(next(run, seen(noon + 4000, lastFailoverAt))).toMatchObject({ effect: { kind: "execute" } });
    const theirs = new Date(noon + 60_000).toISOString();
    expect(next(run, seen(noon + 90_000, theirs)).run.ending?.says).toContain("failed-over-lately");
  });

  it("F3 waits a moment for what could not be seen, and says that a call that was sent may still happen", () => {
    const blind = withNode(standby(), "orders-db", { look: null });
    expect(next(rebooting, seenOf(blind)).is).toBe("wait");
    expect(next(rebooting, seenOf(blind, { now: noon + 11_000 })).run.ending?.status).toBe("held");
    const unclear = { ...rebooting, method: "fail-over-cluster" as const, candidate: "orders-db-1" };
    const run = { ...unclear, sent: { execute: { ...refused, answer: "none" as const } } };
    const alive = withNode(standby(), "orders-db", { look: aLook({ writable: true }) });
    const step = next(run, seenOf(alive, { now: noon + 60_000 }));
    expect(step.run.ending).toMatchObject({
      status: "failed",
      says: expect.stringContaining("may still happen"),
    });
  });
});

describe("a promotion that RDS does not take", () => {
  const promoting = (says: string) =>
    aRun({
      ...{ phase: "execute", method: "promote-replica", oldPrimary: "orders-db", candidate: "orders-db-1" },
      ...{ group: "orders-db", token: 7, fencedBy: "restart" },
      sent: { execute: { ...refused, tries: 3, says } },
    });
  const stopped = withNode(aGroup(), "orders-db", { status: "stopped" });
  const later = seenOf(stopped, { now: noon + 4000 });

  it.each(["backing-up", "modifying"])(
    "F7 is not waited for as if it had begun where RDS refuses it of a candidate that is %s",
    (status) => {
      const state = { status, look: aLook({ receiving: false }) };
      const busy = withNode(stopped, "orders-db-1", state);
      const run = promoting("InvalidDBInstanceState");
      const first = next({ ...run, clearedAt: noon }, seenOf(busy, { now: noon + 1000 }));
      expect(first).toMatchObject({ is: "wait", run: { phase: "execute" } });
      const step = next(first.run, seenOf(busy, { now: noon + 4000 }));
      expect(step.run).toMatchObject({
        ending: { status: "failed", says: expect.stringContaining("RDS refused it") },
      });
    },
  );

  it("F7 is asked for again while RDS has too many calls, and given up soon where it is refused for another reason", () => {
    expect(next(promoting("Rate exceeded"), later)).toMatchObject({ effect: { kind: "execute" } });
    expect(next(promoting("not authorized"), later).run.ending?.says).toContain("RDS refused it");
  });
});
