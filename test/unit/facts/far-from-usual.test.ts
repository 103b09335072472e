import { describe, expect, it } from "vitest";
import { farFromUsual } from "../../../functions/core/facts/far-from-usual.ts";
import { held, metricView } from "../../support/metric-scene.ts";

/** Sixty sessions at a time, one as a rule; so many of them sleep on purpose. */
function sayings(resting: number): readonly string[] {
  const waits = { "Timeout:PgSleep": resting, "IO:DataFileRead": 60 - resting };
  const items = Object.entries(waits).map(([name, load]) => ({ name, id: null, load, waits: [] }));
  const view = metricView({
    values: { DBLoadNonCPU: held(60, 15) },
    readings: { DBLoadNonCPU: { latest: 60, baselineDay: 1, baselineWeek: 1 } },
    context: { load: [{ by: "wait-event", items }] },
  });
  return farFromUsual(view).map(({ says }) => says);
}

describe("load that is far from usual", () => {
  it("D7 is what waits beside those who sleep", () => {
    expect(sayings(50).join()).toContain("DBLoadNonCPU 60 for 15 min");
  });

  it("D7 is none where nearly all of it sleeps", () => {
    expect(sayings(57)).toEqual([]);
  });
});
