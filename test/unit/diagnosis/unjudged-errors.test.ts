import { describe, expect, it } from "vitest";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import type { DatabaseRatesRow } from "../../../functions/core/probes/postgres/database-rates-rows.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aProbe, collectedAt } from "../../support/evidence-builder.ts";
import { metricView } from "../../support/metric-scene.ts";
import { databaseRates } from "../../support/postgres-rates-builder.ts";

const busy = databaseRates(900, 3, "parcels");
const other = databaseRates(900, 3, "customers");

interface Seen {
  readonly agoSeconds?: number;
  /** Of the databases; they were not seen where there are none of them. */
  readonly rows?: readonly DatabaseRatesRow[];
  readonly asked?: boolean;
}

/** Everything that is asked first was seen, and nothing is wrong with it. */
function headlineOf(
  count: number,
  seconds: number,
  { agoSeconds = 5, rows, asked = true }: Seen = {},
): string {
  const until = new Date(Date.parse(collectedAt) - 1000 * agoSeconds).toISOString();
  const read = { messages: count, seconds, until, errors: [{ database: "parcels", count }] };
  const log = { file: "error/x.log", kind: "error" as const, lastWrittenAt: until, truncated: false };
  const view = metricView({
    context: { logs: [{ ...log, lines: [], read }] },
    probes: rows === undefined ? {} : { "postgres-database-rates": [...rows] },
  });
  const silent = { ...aProbe("postgres-database-rates", []), status: "timeout" as const };
  const { evidence } = view;
  const probes = rows !== undefined || !asked ? evidence.probes : [...evidence.probes, silent];
  return diagnose({ ...evidence, probes }, defaultSettings).headline;
}

describe("errors in a log beside counters that were not seen", () => {
  it("D7 are no word of health: what part of the work they are nobody knows", () => {
    expect(headlineOf(51, 18)).toMatch(
      /^CANNOT JUDGE: some 170 statements a minute fail in parcels by its log, and what part of its work that is was not seen/,
    );
  });

  it.each([14, 6, 1])("D7 are so, too, where they fill all that is read of it within %i s", (seconds) => {
    expect(headlineOf(360, seconds)).toMatch(/^CANNOT JUDGE: some 360 statements a minute fail in parcels/);
  });

  it.each<[string, readonly DatabaseRatesRow[]]>([
    ["has no rates yet", [databaseRates(null, null, "parcels")]],
    ["has a rate of its commits alone", [databaseRates(900, null, "parcels")]],
    ["is not among those that were read", [other]],
    ["is none of none", []],
  ])("D7 are so, too, where their database %s", (_, rows) => {
    expect(headlineOf(360, 120, { rows })).toMatch(
      /^CANNOT JUDGE: some 180 statements a minute fail in parcels/,
    );
  });

  it.each<[string, string]>([
    ["few", headlineOf(9, 60)],
    ["a moment's", headlineOf(9, 3)],
    ["too few for a minute, however fast they came", headlineOf(29, 1)],
    ["over", headlineOf(51, 18, { agoSeconds: 300 })],
    ["over, and filled it", headlineOf(360, 1, { agoSeconds: 300 })],
    ["counted, and a small part", headlineOf(51, 18, { rows: [other, busy] })],
    ["beside a look for locks alone, that does not ask for them", headlineOf(51, 18, { asked: false })],
  ])("D7 are no more than that where they are %s", (_, headline) => {
    expect(headline).toMatch(/^Nothing wrong found/);
  });
});
