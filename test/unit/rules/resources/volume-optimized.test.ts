import { describe, expect, it } from "vitest";
import { ioSaturated } from "../../../../functions/core/rules/resources/io-saturated.ts";
import { maintenanceAtPeak } from "../../../../functions/core/rules/resources/maintenance-at-peak.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

const volume = { type: "gp3", allocatedGib: 500, iops: 12_000, throughputMibps: 500, limitGib: null };

/** Writes take ten times as long as on other days, and the volume is far from its IOPS. */
function of(status: string, operationPercent: number | null = null) {
  const view = metricView({
    engine: "mysql",
    self: { status, storage: { ...volume, operation: null, operationPercent } },
    values: { WriteLatency: held(0.026, 14), WriteIOPS: held(830, 14), ReadIOPS: held(540, 14) },
    readings: { WriteLatency: { baselineDay: 0.0018, baselineWeek: 0.0018 } },
  });
  const says = (rule: typeof ioSaturated | typeof maintenanceAtPeak) =>
    rule
      .evaluate(view)
      .flatMap(({ evidence }) => evidence.map((each) => each.says))
      .join("\n");
  return { maintenance: says(maintenanceAtPeak), storage: says(ioSaturated) };
}

describe("a volume that RDS optimizes", () => {
  it("D2 is told to be waited for, with how far it is, and its IOPS are no word about the work", () => {
    const { maintenance, storage } = of("storage-optimization", 41);
    expect(maintenance).toContain("status storage-optimization, 41 % done");
    expect(maintenance).toContain("it ends by itself");
    expect(maintenance).toContain("neither a restart nor a failover");
    expect(storage).not.toContain("look at the work first");
  });

  it("D2 is not said of a backup, nor of a volume that nobody changes", () => {
    const backup = of("backing-up");
    expect(backup.maintenance).toContain("status backing-up");
    expect(backup.maintenance).not.toContain("ends by itself");
    const calm = of("available");
    expect(calm.maintenance).toBe("");
    expect(calm.storage).toContain("look at the work first");
  });
});
