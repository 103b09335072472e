import { describe, expect, it } from "vitest";
import type { MetricReading } from "../../../../functions/core/contract/context.ts";
import { failoverHappened } from "../../../../functions/core/rules/availability/failover-happened.ts";
import { aTarget, collectedAt } from "../../../support/evidence-builder.ts";
import { anEvent, metricView } from "../../../support/metric-scene.ts";

const countOf = (subject: string, latest: number, before: number | null): Partial<MetricReading> => ({
  ...{ id: "DatabaseConnections", subject, unit: "count", statistic: "Maximum", state: "ok" },
  ...{ latest, at: collectedAt, baselineDay: before, baselineWeek: before },
});

interface Scene {
  /** Of orders-db, which is looked at, now and on other days. */
  readonly here: readonly [now: number, before: number];
  /** Of the other member, now: what it had is not read. */
  readonly there: number;
  readonly to?: "orders-db" | "orders-2";
  readonly minutes?: number;
  /** A third member, which always reads. */
  readonly third?: true;
  /** It went there first, and came back. */
  readonly twice?: true;
}

/** A failover in a cluster of two. */
function told({ here, there, to = "orders-2", minutes = 14, third, twice }: Scene) {
  const done = (ago: number, id: string) =>
    anEvent(ago, "failover", `Completed failover to DB instance: ${id}`);
  const back = to === "orders-2" ? "orders-db" : "orders-2";
  const events = [done(minutes, to), ...(twice ? [done(minutes + 60, back)] : [])];
  const view = metricView({
    events,
    others: [
      { id: "orders-2", role: to === "orders-2" ? "writer" : "reader" },
      ...(third ? [{ id: "orders-3", role: "reader" as const }] : []),
    ],
    readings: { a: countOf("orders-db", ...here), b: countOf("orders-2", there, null) },
    overrides: { target: aTarget({ clusterId: "orders", role: to === "orders-2" ? "reader" : "writer" }) },
  });
  return failoverHappened.evaluate(view)[0];
}

describe("clients that came back to the member that was the writer", () => {
  it("D6 are told with where they are and where they should be, whichever of the two is looked at", () => {
    const finding = told({ here: [229, 241], there: 31 });
    expect(finding).toMatchObject({ severity: "P2", actions: [] });
    expect(finding?.summary).toContain(
      "its clients came back to orders-db, which does not write any more: 229 connections there and 31 at orders-2",
    );
    expect(finding?.evidence.at(-1)?.says).toContain("networkaddress.cache.ttl");
    expect(told({ here: [31, 38], there: 229, to: "orders-db" })?.summary).toContain(
      "came back to orders-2, which does not write any more: 229 connections there and 31 at orders-db",
    );
  });

  it("D3 are not taken for those of another reader, where nothing tells that it was the writer", () => {
    const scene = { here: [40, 40], there: 300, to: "orders-db", third: true } as const;
    expect(told(scene)?.summary).not.toContain("came back");
    const onlooker = { here: [104, 100], there: 31, third: true } as const;
    expect(told(onlooker)?.summary).not.toContain("came back");
  });

  it("D3 are not told after two failovers, of which nobody knows who was what before", () => {
    expect(told({ here: [229, 241], there: 31, twice: true })?.summary).not.toContain("came back");
    const writer = { here: [31, 38], there: 229, to: "orders-db", twice: true } as const;
    expect(told(writer)?.summary).not.toContain("came back");
  });

  it("D3 are none where they changed places, are as many at both, are gone or few, or it is minutes ago", () => {
    for (const scene of [
      { here: [36, 241], there: 240 },
      { here: [240, 38], there: 36, to: "orders-db" },
      { here: [229, 241], there: 230 },
      { here: [120, 241], there: 38 },
      { here: [5, 5], there: 1 },
      { here: [229, 241], there: 31, minutes: 3 },
    ] as const) {
      expect(told(scene)?.summary).not.toContain("came back");
    }
  });
});

describe("the log of the member that was the writer", () => {
  const line = (minutesAgo: number, says: string) => {
    const at = new Date(Date.parse(collectedAt) - minutesAgo * 60_000).toISOString().slice(0, 19);
    return `${at.replace("T", " ")} UTC:10.0.0.7(54):invoicing@app:[${9000 + minutesAgo}]:ERROR: ${says}`;
  };
  const refused = "cannot execute INSERT in a read-only transaction";
  const logOf = (minutes: readonly number[], { says = refused, to = "orders-2", since = 14 } = {}) => {
    const lines = minutes.map((ago) => line(ago, says));
    const view = metricView({
      events: [anEvent(since, "failover", `Completed failover to DB instance: ${to}`)],
      others: [{ id: "orders-2", role: "writer" }],
      context: {
        logs: [{ file: "error.log", kind: "error", lastWrittenAt: null, lines, truncated: false }],
      },
      overrides: { target: aTarget({ clusterId: "orders", role: "reader" }) },
    });
    return failoverHappened.evaluate(view)[0];
  };

  it("D6 tells that clients still write there and are refused, who they are, and who writes since", () => {
    const finding = logOf([12, 9, 7, 4, 2, 1]);
    expect(finding).toMatchObject({ severity: "P1", actions: [] });
    expect(finding?.summary).toContain(
      "clients still write at orders-db, which only reads since, and are refused (read-only transaction): 6 refusals in its log within 11 min (invoicing), the last 1 min ago; orders-2 writes",
    );
  });

  it("D6 stays as bad after an hour where they try all the time, and for a job now and then does not", () => {
    const often = Array.from({ length: 14 }, (_, minute) => minute + 1);
    expect(logOf(often, { since: 75 })?.severity).toBe("P1");
    expect(logOf([13, 10, 7, 4, 1], { since: 75 })?.severity).toBe("P2");
    expect(logOf(often, { since: 600 })?.severity).toBe("P2");
  });

  it("D3 is none of what ended, came before it or is seldom, of other errors, and of what writes itself", () => {
    for (const finding of [
      logOf([12, 11, 10, 9, 8, 7]),
      logOf([19, 18, 17, 16, 15, 2, 1]),
      logOf([3, 2, 1]),
      logOf([12, 9, 7, 4, 2, 1], { says: "deadlock detected" }),
      logOf([12, 9, 7, 4, 2, 1], { to: "orders-db" }),
    ])
      expect(finding?.summary).not.toContain("are refused");
  });
});
