import { describe, expect, it } from "vitest";
import { subtransactionOverflow } from "../../../../functions/core/rules/resources/subtransaction-overflow.ts";
import { wraparoundRisk } from "../../../../functions/core/rules/vacuum/wraparound-risk.ts";
import { metricView } from "../../../support/metric-scene.ts";

const wait = (waitEvent: string, observations: number) => ({
  ...{ waitEventType: "LWLock", waitEvent, observations, query: "SELECT 1" },
  ...{ samples: 10, windowSeconds: 1, averageSessions: observations / 10, percent: 0, distinctSessions: 5 },
});
const profile = (name: string, seen: number, others: number) => [wait(name, seen), wait("WALWrite", others)];
const slru = {
  intervalSeconds: 1,
  caches: [{ name: "subtransaction", hitsPerSecond: 90_000, readsPerSecond: 4000 }],
  overflowed: [{ pid: 7, subtransactions: 64 }],
  multixacts: { members: 3_000_000_000, ids: 300_000_000 },
};

describe("subtransaction-overflow", () => {
  const found = (name: string, seen: number, others: number) =>
    subtransactionOverflow.evaluate(
      metricView({
        probes: { "postgres-wait-profile": profile(name, seen, others), "postgres-slru": [slru] },
      }),
    )[0];

  it("P6 knows the cache by its name of any version, from one session and a tenth of the work on", () => {
    expect(found("SubtransSLRU", 9, 1)).toBeUndefined();
    expect(found("SubtransBuffer", 10, 91)).toBeUndefined();
    expect(found("SubtransBuffer", 10, 90)).toMatchObject({ severity: "P2", actions: [] });
    expect(found("SubtransControlLock", 100, 1)).toMatchObject({ severity: "P1" });
  });

  it("P6 names who has too many, and what is read for it", () => {
    expect(found("SubtransSLRU", 30, 10)?.summary).toContain(
      "1 transaction has more than 64 of them (pid 7)",
    );
    expect(JSON.stringify(found("SubtransSLRU", 30, 10)?.evidence)).toContain("4000 pages read");
  });
});

describe("wraparound-risk of multixacts", () => {
  const found = (multixactAge: number, waits = profile("WALWrite", 1, 1), database = "shop") => {
    const age = { xidAge: 1000, freezeMaxAge: 200_000_000, multixactFreezeMaxAge: 400_000_000 };
    const row = { ...age, multixactAge, percentUsed: 5, xidsLeft: 2_000_000_000, bytes: null, toastOf: null };
    return wraparoundRisk.evaluate(
      metricView({
        probes: {
          "postgres-slru": [slru],
          "postgres-wait-profile": waits,
          "postgres-vacuum-wraparound": [
            { ...row, kind: "database", name: database },
            { ...row, kind: "table", name: "public.orders", owner: "shop" },
          ],
        },
      }),
    );
  };

  it("P13 estimates the room of members by how many each multixact had", () => {
    expect(found(197_000_000)).toEqual([]);
    expect(found(198_000_000)).toMatchObject([
      { subject: "multixact-members", severity: "P2", confidence: 0.6 },
    ]);
    expect(found(323_000_000)).toMatchObject([{ severity: "P1" }]);
    expect(found(323_000_000)[0]?.actions[0]?.preview).toBe("VACUUM (VERBOSE) public.orders");
  });

  it("A8 asks for the tables of another database where that is the one with the oldest", () => {
    const [action] = found(323_000_000, undefined, "billing")[0]?.actions ?? [];
    expect(action?.describes).toContain("billing");
    expect(action?.preview).toContain("greatest(mxid_age(c.relminmxid), mxid_age(t.relminmxid))");
  });

  it("P6 tells the crowded cache of multixacts by any of its waits", () => {
    expect(found(1000, profile("MultiXactMemberSLRU", 30, 10))).toMatchObject([
      { subject: "multixact-cache", severity: "P2", actions: [] },
    ]);
  });
});
