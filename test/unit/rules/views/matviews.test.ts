import { describe, expect, it } from "vitest";
import type { MatviewRow } from "../../../../functions/core/probes/postgres/matviews-rows.ts";
import { matviewNoUniqueIndex } from "../../../../functions/core/rules/views/matview-no-unique-index.ts";
import { matviewStale } from "../../../../functions/core/rules/views/matview-stale.ts";
import { aProbe, aView } from "../../../support/evidence-builder.ts";

function aMatview(overrides: Partial<MatviewRow> = {}): MatviewRow {
  return {
    schema: "public",
    view: "sales_by_day",
    owner: "shop",
    populated: true,
    bytes: 8192,
    rows: 90,
    uniqueIndex: "sales_by_day_key",
    keyColumn: "day",
    canRefreshConcurrently: true,
    whyNotConcurrently: null,
    refresh: null,
    blockedSessions: 0,
    blockedPids: [],
    longestWaitSeconds: null,
    refreshedSeconds: 10,
    freshnessUnknown: null,
    ...overrides,
  };
}

const viewOf = (...rows: readonly MatviewRow[]) =>
  aView({ overrides: { probes: [aProbe("postgres-matviews", [...rows])] } });

describe("matview-stale", () => {
  it("T speaks of a view older than five minutes, and refreshes it without blocking where it can", () => {
    expect(matviewStale.evaluate(viewOf(aMatview({ refreshedSeconds: 300 })))).toEqual([]);
    const [finding] = matviewStale.evaluate(viewOf(aMatview({ refreshedSeconds: 301 })));
    expect(finding?.severity).toBe("P3");
    expect(finding?.actions[0]).toMatchObject({
      risk: "safe",
      preview: "REFRESH MATERIALIZED VIEW CONCURRENTLY public.sales_by_day",
    });
  });

  it("D8 says that a refresh that cannot be concurrent blocks readers", () => {
    const row = aMatview({
      refreshedSeconds: 900,
      canRefreshConcurrently: false,
      whyNotConcurrently: "no index",
    });
    expect(matviewStale.evaluate(viewOf(row))[0]?.actions[0]).toMatchObject({
      risk: "disruptive",
      preview: "REFRESH MATERIALIZED VIEW public.sales_by_day",
    });
  });

  it("D7 does not guess an age that nobody knows, nor speak of a view that is being refreshed", () => {
    const refresh = {
      pid: 1,
      sessionKey: "k",
      concurrently: true,
      waiting: false,
      seconds: 3,
      user: null,
      application: null,
      query: null,
    };
    const unknown = aMatview({ refreshedSeconds: null, freshnessUnknown: "off" });
    expect(matviewStale.evaluate(viewOf(unknown, aMatview({ refreshedSeconds: 900, refresh })))).toEqual([]);
  });

  it("D4 begins with a view that was never filled", () => {
    const [finding] = matviewStale.evaluate(
      viewOf(
        aMatview({ view: "old", refreshedSeconds: 9e6 }),
        aMatview({ view: "empty", populated: false, refreshedSeconds: null }),
      ),
    );
    expect(finding?.summary).toContain("2 materialized views were not refreshed for over 5 min: empty, old");
  });
});

describe("matview-no-unique-index", () => {
  it("D4 speaks only of views without one, those that block somebody first", () => {
    const without = { uniqueIndex: null, canRefreshConcurrently: false };
    expect(matviewNoUniqueIndex.evaluate(viewOf(aMatview()))).toEqual([]);
    const [finding] = matviewNoUniqueIndex.evaluate(
      viewOf(
        aMatview({ ...without, view: "big", bytes: 1e9 }),
        aMatview({ ...without, view: "busy", blockedSessions: 4 }),
      ),
    );
    expect(finding?.severity).toBe("P3");
    expect(finding?.evidence[0]?.says).toContain("busy (8 KiB): 4 sessions wait for it right now");
    expect(finding?.actions[0]?.preview).toContain(
      "CREATE UNIQUE INDEX CONCURRENTLY busy_key_idx ON public.busy (",
    );
  });
});
