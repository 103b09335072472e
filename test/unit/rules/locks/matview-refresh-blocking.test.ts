import { describe, expect, it } from "vitest";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import type { MatviewRow } from "../../../../functions/core/probes/postgres/matviews-rows.ts";
import { matviewRefreshBlocking as rule } from "../../../../functions/core/rules/locks/matview-refresh-blocking.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aProbe, aView, someEvidence } from "../../../support/evidence-builder.ts";
import {
  aForest,
  anIdleTransaction,
  aRunning,
  type Member,
  waiters,
} from "../../../support/forest-builder.ts";

const query = "REFRESH MATERIALIZED VIEW totals";
const refresh = aRunning(8, 95, { query, application: "nightly" });
const view = { object: "public.totals", mode: "AccessShareLock" };
const readers = waiters(5, "session:8", { seconds: 30, waits: view });

function findingsOf(members: readonly Member[], matviews: readonly MatviewRow[] = []) {
  const { probes } = someEvidence({ forests: [aForest(members)] });
  const probe = aProbe("postgres-matviews", [...matviews], { tier: "performance" });
  return rule.evaluate(aView({ overrides: { probes: matviews.length === 0 ? probes : [...probes, probe] } }));
}

function aMatview(overrides: Partial<MatviewRow> = {}): MatviewRow {
  return {
    schema: "public",
    view: "totals",
    owner: "shop",
    populated: true,
    bytes: 1e6,
    rows: 1000,
    uniqueIndex: "totals_id",
    keyColumn: "day",
    canRefreshConcurrently: true,
    whyNotConcurrently: null,
    refresh: null,
    blockedSessions: 5,
    blockedPids: [],
    longestWaitSeconds: 30,
    refreshedSeconds: null,
    freshnessUnknown: null,
    ...overrides,
  };
}

describe("matview-refresh-blocking", () => {
  it("D2 names the view, who refreshes it, and how many wait; a cancel comes first", () => {
    const [finding] = findingsOf([{ who: refresh }, ...readers]);
    expect(finding?.summary).toBe(
      "A REFRESH of materialized view public.totals without CONCURRENTLY (app nightly, user shop, pid 8) runs for 1 min 35 s and blocks 5 sessions; longest wait 30 s",
    );
    expect(finding?.actions.map(({ id }) => id)).toEqual(["cancel-query", "refresh-concurrently"]);
    expect(finding?.severity).toBe("P2");
  });

  it("D3 is the cause of the running statement and of the queue", () => {
    const running = diagnose(
      someEvidence({ forests: [aForest([{ who: refresh }, ...readers])] }),
      defaultSettings,
    );
    expect(running.rootCauses).toEqual(["matview-refresh-blocking:session:8"]);
    const queued = [
      { who: anIdleTransaction(7, 60) },
      {
        who: refresh,
        behind: "session:7",
        waits: { object: "public.totals", mode: "AccessExclusiveLock", waitSeconds: 40 },
      },
      ...waiters(5, "session:8", { seconds: 30, queued: true, waits: view }),
    ];
    const diagnosis = diagnose(someEvidence({ forests: [aForest(queued)] }), defaultSettings);
    expect(diagnosis.rootCauses).toEqual(["matview-refresh-blocking:session:8"]);
    expect(diagnosis.headline).toContain("waits for its lock for 40 s");
  });

  it("A11 tells whether CONCURRENTLY is possible, and what it needs", () => {
    const can = findingsOf([{ who: refresh }, ...readers], [aMatview()])[0];
    expect(can?.actions[1]?.preview).toBe("REFRESH MATERIALIZED VIEW CONCURRENTLY public.totals");
    const cannot = aMatview({
      canRefreshConcurrently: false,
      uniqueIndex: null,
      whyNotConcurrently: "no unique index",
    });
    const finding = findingsOf([{ who: refresh }, ...readers], [cannot])[0];
    expect(finding?.actions[1]?.preview).toContain(
      "CREATE UNIQUE INDEX CONCURRENTLY totals_key_idx ON public.totals",
    );
    expect(JSON.stringify(finding?.evidence)).toContain("not possible yet: no unique index");
  });

  it("D4 recognises a refresh inside a function by the view it locks", () => {
    const who = aRunning(8, 95, { query: "select refresh_reports()" });
    expect(findingsOf([{ who }, ...readers])).toEqual([]);
    expect(findingsOf([{ who }, ...readers], [aMatview()])).toHaveLength(1);
  });

  it("D4 stays silent about CONCURRENTLY, other DDL, and a refresh nobody waits for", () => {
    const concurrently = aRunning(8, 95, { query: "REFRESH MATERIALIZED VIEW CONCURRENTLY totals" });
    expect(findingsOf([{ who: concurrently }, ...readers])).toEqual([]);
    const other = aRunning(8, 95, { query: "ALTER MATERIALIZED VIEW totals RENAME TO sums" });
    expect(findingsOf([{ who: other }, ...readers], [aMatview()])).toEqual([]);
    expect(findingsOf([{ who: refresh }])).toEqual([]);
    expect(findingsOf([{ who: refresh }, ...waiters(1, "session:8", { seconds: 0.2, waits: view })])).toEqual(
      [],
    );
  });

  it("A40 names a protected one and does not propose to end it", () => {
    const who = { ...refresh, user: "rdsadmin" };
    const [finding] = findingsOf([{ who }, ...readers]);
    expect(finding?.actions.filter(({ automatic }) => automatic)).toEqual([]);
    expect(JSON.stringify(finding?.evidence)).toContain("protected list");
  });
});
