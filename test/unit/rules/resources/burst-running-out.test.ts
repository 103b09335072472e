import { describe, expect, it } from "vitest";
import { burstBalanceExhausted } from "../../../../functions/core/rules/resources/burst-balance-exhausted.ts";
import { aVolume } from "../../../support/kind-scene.ts";
import { held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const gp2 = (allocatedGib: number) => ({
  storage: aVolume({ type: "gp2", allocatedGib, iops: null, throughputMibps: null }),
});
const falling = Array.from({ length: 15 }, (_, minute) => 41 - 1.75 * minute);

const told = (scene: MetricScene) => burstBalanceExhausted.evaluate(metricView(scene))[0]?.summary;
const busy = { BurstBalance: falling, ReadIOPS: held(1420, 15), WriteIOPS: held(480, 15) };

describe("a burst that runs out", () => {
  it("D2 says when it has, what is left then and what is asked for", () => {
    expect(told({ self: gp2(100), values: busy })).toBe(
      "17 % is left of the I/O credits of the gp2 volume (its burst balance), from 41 % at the start of the window: at this pace none is in 9 min 26 s, and storage falls to its baseline, 300 IOPS of 100 GiB; 1,900 are asked of it",
    );
  });

  it("D2 has a baseline of 100 IOPS at the least, and no name where the size is not known", () => {
    expect(told({ self: gp2(20), values: busy })).toContain("its baseline, 100 IOPS of 20 GiB; 1,900 are");
    expect(told({ self: { storage: null }, values: busy })).toMatch(
      /storage falls to its baseline; 1,900 are/,
    );
    expect(told({ self: gp2(100), values: { BurstBalance: falling } })).toMatch(/300 IOPS of 100 GiB$/);
  });

  it("D2 names the baseline once it is all there is", () => {
    expect(told({ self: gp2(100), values: { BurstBalance: [9, 7, 5, 3, 1] } })).toBe(
      "1 % is left of the I/O credits of the gp2 volume (its burst balance), from 9 % at the start of the window: storage gives its baseline only, 300 IOPS of 100 GiB",
    );
  });
});

describe("the credits of a class that one job has taken", () => {
  const mb = 1e6;
  const bytes = (asRule: number) => ({ baselineDay: asRule / 2, baselineWeek: asRule / 2, latest: 70 * mb });
  const scene = (asRule: number, more: MetricScene = {}): MetricScene => ({
    self: { instanceClass: "db.m5.xlarge", vcpus: 4 },
    values: {
      "EBSByteBalance%": held(0, 15),
      ReadThroughput: held(118 * mb, 15),
      WriteThroughput: held(24 * mb, 15),
    },
    readings: { ReadThroughput: bytes(asRule), WriteThroughput: bytes(asRule) },
    context: {
      load: [
        {
          by: "statement",
          items: [
            { name: "SELECT * FROM parcels", id: null, load: 12, waits: [] },
            { name: "SELECT * FROM depots WHERE id = ?", id: null, load: 15, waits: [] },
          ],
        },
      ],
    },
    ...more,
  });
  const clicks = (...of: Parameters<typeof scene>) =>
    burstBalanceExhausted.evaluate(metricView(scene(...of)))[0]?.actions.map(({ automatic }) => automatic);

  it("D11 are offered no larger class where the work of other days fits into the baseline", () => {
    const [finding] = burstBalanceExhausted.evaluate(metricView(scene(31 * mb)));
    expect(finding?.severity).toBe("P1");
    expect(finding?.actions.map(({ automatic }) => automatic)).toEqual([false]);
    expect(finding?.actions[0]?.preview).toContain(
      "as a rule, 30 MiB a second, fits into its baseline of 137 MiB a second",
    );
    expect(finding?.evidence.map(({ says }) => says)).toContain(
      "56 % of the time goes into SELECT * FROM depots WHERE id = ?",
    );
  });

  it("D11 are, where it does not, or is not known, or the clients ask for more", () => {
    expect(clicks(120 * mb)).toEqual([true]);
    expect(clicks(31 * mb, { readings: {} })).toEqual([true]);
    const network = {
      NetworkReceiveThroughput: held(9 * mb, 15),
      NetworkTransmitThroughput: held(9 * mb, 15),
    };
    const asked = { ...network, ...scene(31 * mb).values };
    const before = { baselineDay: 2 * mb, baselineWeek: 2 * mb };
    const usual = { NetworkReceiveThroughput: before, NetworkTransmitThroughput: before };
    expect(clicks(31 * mb, { values: asked, readings: { ...scene(31 * mb).readings, ...usual } })).toEqual([
      true,
    ]);
  });
});
