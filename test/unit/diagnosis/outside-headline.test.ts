import { describe, expect, it } from "vitest";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aConnection, anAlarm, aTarget } from "../../support/evidence-builder.ts";
import { aVolume } from "../../support/kind-scene.ts";
import { anEvent, held, type MetricScene, metricView } from "../../support/metric-scene.ts";

const gib = 1024 ** 3;
const values = {
  CPUUtilization: held(31),
  DBLoad: held(0.6),
  DatabaseConnections: held(140),
  FreeStorageSpace: held(45 * gib),
  WriteLatency: held(0.003),
};
const headline = (scene: MetricScene) => diagnose(metricView(scene).evidence, defaultSettings).headline;
const outside = { overrides: { connection: aConnection({ status: "not-tried" }), probes: [] } };

describe("a headline with nothing to tell", () => {
  it("D6 has the numbers that make it so", () => {
    expect(headline({ values })).toContain(
      "CPU 31 %, DB load 0.6 of 2 vCPUs, 45 GiB of storage free (45 %), storage answers within 3 ms",
    );
  });

  it("D7 has them also where the inside was not seen, and still does not judge", () => {
    const said = headline({ values, ...outside });
    expect(said).toMatch(/^CANNOT JUDGE: /);
    expect(said).toContain(
      "From outside nothing serious shows: CPU 31 %, DB load 0.6 of 2 vCPUs, 140 connections (17 %",
    );
  });

  it("D6 says what recovered by itself, from where to where", () => {
    const low =
      "The free storage capacity for DB instance: orders-db is low at 8% of the provisioned storage [Provisioned Storage: 100 GB, Free Storage: 8 GB].";
    const events = [
      anEvent(50, "low storage", low),
      anEvent(
        40,
        "configuration change",
        "Applying autoscaling-initiated modification to allocated storage.",
      ),
      anEvent(
        12,
        "configuration change",
        "Finished applying autoscaling-initiated modification to allocated storage.",
      ),
    ];
    const self = { storage: aVolume({ allocatedGib: 160, limitGib: 500 }) };
    const rose = { ...values, FreeStorageSpace: [8, 8, 8, 68, 68, 68].map((free) => free * gib) };
    expect(headline({ values: rose, events, self })).toContain(
      "Recovered by itself: storage grew from 100 GiB to 160 GiB 12 min ago, 68 GiB are free, 8 GiB before.",
    );
    expect(headline({ values: rose, events: events.slice(0, 2), self })).not.toContain("Recovered");
  });

  it("D6 says that a recovery of RDS is over", () => {
    const events = [
      anEvent(30, "recovery", "Recovery of the DB instance has started. Recovery time will vary."),
      anEvent(22, "recovery", "Recovery of the DB instance is complete."),
    ];
    expect(headline({ values, events })).toContain(
      "Recovered by itself: its recovery is complete 22 min ago.",
    );
  });
});

describe("a headline with an alarm that nothing explains", () => {
  const alarmed = (metric: string, comparison: string, scene: MetricScene) =>
    headline({
      ...scene,
      values: { ...values, ...scene.values },
      overrides: {
        ...outside.overrides,
        ...scene.overrides,
        signal: anAlarm(metric, { comparison, threshold: 0.02 }),
      },
    });
  const then = (value: number) => ({ latest: null, baselineDay: value, baselineWeek: value });
  /** MySQL 8.0, of which the standard support ended: worth knowing, and no answer to an alarm. */
  const old = { overrides: { target: aTarget({ engine: "mysql", engineVersion: "8.0.40" }) } };

  it("D9 says that it is as ever, also beside what has long been so", () => {
    const readings = { WriteLatency: then(0.003) };
    const said = alarmed("WriteLatency", "GreaterThanThreshold", { ...old, readings });
    expect(said).toContain(
      "WriteLatency is as high as a day and a week ago at this hour, and by the average of its last minute within the alarm's threshold; the alarm itself may count otherwise (its statistic and period).",
    );
    const still = { readings: { WriteLatency: then(0.03) }, values: { WriteLatency: held(0.03) } };
    expect(alarmed("WriteLatency", "GreaterThanThreshold", { ...old, ...still })).toContain(
      "WriteLatency is as high as a day and a week ago at this hour.",
    );
    expect(said).toContain("Worth knowing: Standard support of mysql 8.0");
  });

  it("S12 says that it is back to OK, where CloudWatch says so of all, and not while one is on", () => {
    const sight = (state: "OK" | "ALARM") => ({ key: state, state, rule: null, latest: null, missing: null });
    const said = (...states: ("OK" | "ALARM")[]) =>
      alarmed("WriteLatency", "GreaterThanThreshold", {
        readings: { WriteLatency: then(0.003) },
        overrides: { alarms: states.map(sight) },
      });
    expect(said("OK")).toContain(" The alarm on WriteLatency is back to OK, 3 ms now.");
    expect(said("OK", "ALARM")).toContain(
      "WriteLatency is as high as a day and a week ago at this hour, and by the average of its last minute within",
    );
    expect(said()).not.toContain("back to OK");
  });

  it("D6 says that what is low is no lower than ever", () => {
    const scene = (day: number) => ({ readings: { FreeStorageSpace: then(day * gib) } });
    expect(alarmed("FreeStorageSpace", "LessThanThreshold", scene(46))).toContain(
      " FreeStorageSpace is as low as a day and a week ago at this hour: 46 GiB and 46 GiB, 45 GiB now.",
    );
    expect(alarmed("FreeStorageSpace", "LessThanThreshold", scene(90))).toContain(
      "The alarm on low FreeStorageSpace is not explained.",
    );
  });

  it("D6 says that what is low rises, as the credits of a class that is new", () => {
    const rising = Array.from({ length: 15 }, (_, minute) => 21 + 0.22 * minute);
    const low = (points: readonly number[]) =>
      alarmed("CPUCreditBalance", "LessThanThreshold", {
        self: { instanceClass: "db.t4g.medium" },
        values: { CPUCreditBalance: points },
      });
    expect(low(rising)).toContain(
      "The alarm on low CPUCreditBalance is not explained; it rises, from 21 to 24.1 within 14 min.",
    );
    expect(low(rising.toReversed())).toContain("The alarm on low CPUCreditBalance is not explained.");
  });

  it("D6 says of what is high, and not explained, how high it is, its threshold and what it was", () => {
    const high = (metric: string, now: number, threshold: number, more: MetricScene = {}) =>
      headline({
        ...outside,
        values: { ...values, [metric]: held(now) },
        ...more,
        overrides: { ...outside.overrides, signal: anAlarm(metric, { threshold }) },
      });
    expect(high("CPUUtilization", 65, 60, { readings: { CPUUtilization: then(48) } })).toContain(
      "The alarm on CPUUtilization is not explained: 65 % now, its threshold is 60 %; 48 % a day ago and 48 % a week ago at this time.",
    );
    expect(high("DatabaseConnections", 140, 150)).toContain(
      "The alarm on DatabaseConnections is not explained: 140 now, its threshold is 150.",
    );
    // CloudWatch counts the lag of Aurora in milliseconds, and so does who sets its alarm.
    expect(high("AuroraReplicaLag", 30, 20)).toContain("The alarm on AuroraReplicaLag is not explained.");
  });
});
