import { describe, expect, it } from "vitest";
import type { MetricReading } from "../../../../functions/core/contract/context.ts";
import { tooManyConnections } from "../../../../functions/core/rules/connections/too-many-connections.ts";
import { aConnection } from "../../../support/evidence-builder.ts";
import { curveOf, held, metricView } from "../../../support/metric-scene.ts";

const refusal = "2026-11-21 09:59:01 UTC:10.0.0.7(54):api@app:[7]:FATAL:  sorry, too many clients already";
const doubted = Array.from({ length: 12 }, (_, at) => at);

/** Of some 811 connections by default; some 300 are usual. */
function doubtedAt(
  connections: readonly number[],
  places: readonly number[] = doubted,
  reading: Partial<MetricReading> = {},
) {
  const log = { file: "error.log", kind: "error" as const, lastWrittenAt: null, truncated: false };
  const view = metricView({
    values: { DatabaseConnections: connections },
    readings: { DatabaseConnections: { baselineDay: 300, baselineWeek: 310, ...reading } },
    context: { logs: [{ ...log, lines: doubted.map(() => refusal), doubted: [...places] }] },
    overrides: { connection: aConnection({ status: "not-tried" }), probes: [] },
  });
  return tooManyConnections.evaluate(view)[0];
}

describe("refusals for want of a slot in a log that a client may have written", () => {
  it("D7 are told with doubt where a client may have written them all, and in full where the count says so, too", () => {
    const at = (connections: number | readonly number[], places = doubted) =>
      doubtedAt(typeof connections === "number" ? held(connections) : connections, places);
    expect(at(320)).toMatchObject({
      ...{ severity: "P2", confidence: 0.4 },
      summary: expect.stringMatching(
        /^Lines of the log that a client may have written say that no slot is left: 12 refusals/,
      ),
    });
    expect(at(500)).toMatchObject({ severity: "P1", confidence: 0.97 });
    // A pool that has filled within the window, and one of a day that is level and a little busier.
    expect(at([290, 292, 330, 360, 390, 390, 391, 390, 389, 390])).toMatchObject({ severity: "P1" });
    expect(at(375)).toMatchObject({ severity: "P2" });
    // The ramp of a morning.
    expect(at([250, 260, 280, 300, 320, 340, 350, 360, 370, 380])).toMatchObject({ severity: "P2" });
    // One that nobody doubts proves the others.
    expect(at(320, doubted.slice(1))).toMatchObject({ severity: "P1" });
  });

  describe("of a pool that has come to its level", () => {
    const severityOf = (of: (minutesAgo: number) => number) => {
      const { values, earlier } = curveOf(of);
      return doubtedAt(values, doubted, { baselineDay: 400, baselineWeek: 400, earlier })?.severity;
    };

    it.each([30, 60, 74, 80, 120])("D7 are told in full %i min after it has filled", (minutes) => {
      expect(severityOf((ago) => (ago <= minutes ? 497 : 250))).toBe("P1");
    });

    it("D7 are told with doubt where that is the ramp of a morning, however long ago, or nobody saw it fill", () => {
      for (const minutes of [10, 40, 80]) {
        expect(severityOf((ago) => 497 - Math.max(0, ago - minutes))).toBe("P2");
      }
      expect(severityOf(() => 497)).toBe("P2");
    });
  });
});
