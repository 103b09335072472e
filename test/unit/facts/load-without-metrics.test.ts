import { describe, expect, it } from "vitest";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { cpuPressure } from "../../../functions/core/facts/cpu-pressure.ts";
import { ioPressure } from "../../../functions/core/facts/io-pressure.ts";
import { missingOf } from "../../../functions/core/facts/seen.ts";
import { waitShare, workloadEvidence } from "../../../functions/core/facts/workload.ts";
import { unsureRefusal } from "../../../functions/core/policy/sure.ts";
import { cpuSaturated } from "../../../functions/core/rules/resources/cpu-saturated.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aTarget } from "../../support/evidence-builder.ts";
import { aRunning } from "../../support/forest-builder.ts";
import { aMysqlProfile, onPostgresCpu, someRates } from "../../support/load-builder.ts";
import { held, type MetricScene, metricView } from "../../support/metric-scene.ts";

const mysql = (profile: ReturnType<typeof aMysqlProfile>, scene: MetricScene = {}) =>
  metricView({
    engine: "mysql",
    self: { vcpus: 2 },
    ...scene,
    probes: { "mysql-wait-profile": [profile], ...scene.probes },
  });

describe("CPU without CloudWatch", () => {
  it("P28 is short from two sessions for each vCPU on, four at least, by either engine's profile", () => {
    expect(cpuPressure(mysql(aMysqlProfile({ work: 4 })))).toMatchObject({ severity: "P2", usual: false });
    expect(cpuPressure(mysql(aMysqlProfile({ work: 3 })))).toBeNull();
    expect(cpuPressure(mysql(aMysqlProfile({ cpu: 7 }), { self: { vcpus: 4 } }))).toBeNull();
    const postgres = (sessions: number) =>
      metricView({ self: { vcpus: 2 }, probes: { "postgres-wait-profile": [onPostgresCpu(sessions)] } });
    expect(cpuPressure(postgres(4))?.says).toBe("4 sessions on average on or waiting for one of 2 vCPUs");
    expect(cpuPressure(postgres(3))).toBeNull();
  });

  it("D7 is not judged where the number of vCPUs is not known, and left to CloudWatch where that was read", () => {
    const view = mysql(aMysqlProfile({ work: 40 }), { self: { vcpus: null } });
    const target = aTarget({ engine: "mysql", instanceClass: null });
    expect(cpuPressure({ ...view, evidence: { ...view.evidence, target } })).toBeNull();
    expect(
      cpuPressure(mysql(aMysqlProfile({ work: 8 }), { values: { CPUUtilization: held(40) } })),
    ).toBeNull();
  });

  it("P28 is not short because many sleep, wait for locks or for their clients", () => {
    expect(cpuPressure(mysql(aMysqlProfile({ other: 40, lock: 20, client: 20, work: 1 })))).toBeNull();
  });

  it("D2 says what was seen, with the server's count, and what a state does not tell", () => {
    const view = mysql(aMysqlProfile({ work: 8, lock: 2 }, 0.2, { work: "executing" }));
    expect(workloadEvidence(view).map(({ says }) => says)).toEqual([
      "working sessions: at work (executing) 80 %, lock (lock) 20 %; 11 threads running",
      expect.stringContaining("latches are not told from CPU: events_waits_current is off"),
    ]);
    expect(missingOf(view)).toContainEqual(
      expect.objectContaining({ what: "which statements wait for storage or for a latch" }),
    );
    expect(cpuSaturated.evaluate(view)).toMatchObject([{ severity: "P2" }]);
  });

  it("D11 proves no statement's use: nothing is done to one by itself", () => {
    const sessions = [1, 2, 3, 4, 5].map((id) => aRunning(id, 900, { waitEvent: "executing" }));
    const { evidence } = mysql(aMysqlProfile({ work: 5 }), { sessions });
    const { findings } = diagnose(evidence, defaultSettings);
    expect(findings.map(({ id }) => id)).toContain("cpu-saturated");
    expect(
      findings.flatMap(({ actions }) => actions).filter((action) => unsureRefusal(action) === null),
    ).toEqual([]);
  });

  it("D3 is not explained by one long statement among many that compute", () => {
    const one = (work: number) => {
      const view = mysql(aMysqlProfile({ work }), {
        sessions: [aRunning(1, 900, { waitEvent: "executing" })],
      });
      const { findings } = diagnose(view.evidence, defaultSettings);
      return findings.find(({ id }) => id === "long-running-query")?.explains ?? [];
    };
    expect(one(4)).toEqual([]);
    expect(one(40)).toEqual([]);
  });
});

describe("storage without CloudWatch", () => {
  it("P28 is short where most work waits for pages, or pages have to be written before others are read", () => {
    expect(ioPressure(mysql(aMysqlProfile({ io: 5, work: 2 })))).toMatchObject({
      severity: "P2",
      sign: "waits",
    });
    expect(ioPressure(mysql(aMysqlProfile({ io: 3 })))).toBeNull();
    const flushing = (waitsForFreePagePerSecond: number) =>
      ioPressure(
        mysql(aMysqlProfile({ work: 1 }), {
          probes: {
            "mysql-innodb-rates": [
              someRates({ bufferPool: { waitsForFreePagePerSecond, dirtyPercent: 88 } }),
            ],
          },
        }),
      );
    expect(flushing(10)?.says).toBe(
      "10 times a second a page had to be written before another could be read; 88 % of the pool are dirty",
    );
    expect(flushing(9)).toBeNull();
  });

  it("P28 has no share of nothing", () => {
    expect(waitShare(mysql(aMysqlProfile({})), () => true)).toBeNull();
  });
});
