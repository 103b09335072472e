import { describe, expect, it } from "vitest";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import type { DatabaseRatesRow } from "../../../functions/core/probes/postgres/database-rates-rows.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aProbe, collectedAt } from "../../support/evidence-builder.ts";
import { metricView } from "../../support/metric-scene.ts";

const busy: DatabaseRatesRow = {
  ...{
    database: "parcels",
    connections: 4,
    intervalSeconds: 10,
    commitsPerSecond: 900,
    rollbacksPerSecond: 3,
  },
  ...{ blocksHit: 1, blocksRead: 0, cacheHitPercent: 100, tempFilesPerSecond: 0, tempBytesPerSecond: 0 },
  ...{ rowsReturnedPerSecond: 0, rowsFetchedPerSecond: 0, rowsChangedPerSecond: 0 },
  ...{ deadlocks: 0, conflicts: 0, checksumFailures: 0 },
  sinceReset: {
    ...{ statsSeconds: 1e6, cacheHitPercent: 100, tempFiles: 0, tempBytes: 0, deadlocks: 0, conflicts: 0 },
    ...{ checksumFailures: 0, lastChecksumFailureSeconds: null },
  },
};

/** Everything that is asked first was seen, and nothing is wrong with it. */
function headlineOf(
  count: number,
  seconds: number,
  { agoSeconds = 5, counters = false, asked = true } = {},
): string {
  const until = new Date(Date.parse(collectedAt) - 1000 * agoSeconds).toISOString();
  const read = { messages: count, seconds, until, errors: [{ database: "parcels", count }] };
  const log = { file: "error/x.log", kind: "error" as const, lastWrittenAt: until, truncated: false };
  const view = metricView({
    context: { logs: [{ ...log, lines: [], read }] },
    probes: counters ? { "postgres-database-rates": [busy] } : {},
  });
  const silent = { ...aProbe("postgres-database-rates", []), status: "timeout" as const };
  const { evidence } = view;
  const probes = counters || !asked ? evidence.probes : [...evidence.probes, silent];
  return diagnose({ ...evidence, probes }, defaultSettings).headline;
}

describe("errors in a log beside counters that were not seen", () => {
  it("D7 are no word of health: what part of the work they are nobody knows", () => {
    expect(headlineOf(51, 18)).toMatch(
      /^CANNOT JUDGE: some 170 statements a minute fail in parcels by its log, and what part of its work that is was not seen/,
    );
  });

  it.each<[string, string]>([
    ["few", headlineOf(9, 60)],
    ["a moment's", headlineOf(9, 3)],
    ["over", headlineOf(51, 18, { agoSeconds: 300 })],
    ["counted, and a small part", headlineOf(51, 18, { counters: true })],
    ["beside a look for locks alone, that does not ask for them", headlineOf(51, 18, { asked: false })],
  ])("D7 are no more than that where they are %s", (_, headline) => {
    expect(headline).toMatch(/^Nothing wrong found/);
  });
});
