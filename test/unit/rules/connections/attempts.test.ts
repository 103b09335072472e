import { describe, expect, it } from "vitest";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { connectionStorm } from "../../../../functions/core/rules/connections/connection-storm.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aConnection, aTarget } from "../../../support/evidence-builder.ts";
import { held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const usual = (value: number) => ({ latest: null, baselineDay: value, baselineWeek: value });

function scene(values: Record<string, readonly number[]>, more: MetricScene = {}) {
  return metricView({
    values: {
      ConnectionAttempts: held(610),
      DatabaseConnections: held(97),
      CPUUtilization: held(91),
      ...values,
    },
    readings: { ConnectionAttempts: usual(6), DatabaseConnections: usual(44), CPUUtilization: usual(31) },
    ...more,
    overrides: {
      connection: aConnection({ status: "not-tried" }),
      probes: [],
      target: aTarget({ engine: "mysql" }),
    },
  });
}

const told = (values: Record<string, readonly number[]> = {}, more: MetricScene = {}) =>
  connectionStorm.evaluate(scene(values, more))[0];

describe("connection-storm by CloudWatch's attempts", () => {
  it("D4 is a hundred times as many attempts as ever, few of which stay, beside a CPU that rose with them", () => {
    expect(told()).toMatchObject({
      subject: "attempts",
      severity: "P2",
      actions: [],
      summary:
        "102 times as many attempts to connect as a rule for 10 min: 610; 6 a day ago and 6 a week ago at this time; 97 connections are open, so most do not stay, and the CPU has risen with them, to 91 %; 31 % a day ago and 31 % a week ago at this time",
    });
  });

  it("D3 explains a CPU without room, so that no larger class is offered for it", () => {
    const { rootCauses, findings } = diagnose(scene({}).evidence, defaultSettings);
    expect(rootCauses).toEqual(["connection-storm:attempts"]);
    expect(findings.find(({ id }) => id === "cpu-saturated")).toMatchObject({ actions: [] });
    const pool = diagnose(scene({ ConnectionAttempts: held(7) }).evidence, defaultSettings);
    expect(pool.findings.flatMap(({ actions }) => actions.map(({ id }) => id))).toContain(
      "scale-instance-class",
    );
  });

  it("D3 is the effect of a CPU that was full before, where nobody gets an answer", () => {
    const roots = (before: number) => {
      const later = scene({
        ConnectionAttempts: [...held(6, before), ...held(610, 10)],
        CPUUtilization: held(97, before + 10),
      });
      const connection = aConnection({ status: "not-connected", failedStep: "handshake" });
      return diagnose({ ...later.evidence, connection }, defaultSettings).rootCauses;
    };
    expect(roots(4)).toEqual(["cpu-saturated"]);
    // Both came together.
    expect(roots(0)).toEqual(["connection-storm:attempts"]);
  });

  it("D3 is the cause where it grew with the CPU, or fell below ten times the usual for a minute", () => {
    const roots = (attempts: readonly number[]) =>
      diagnose(
        scene({ ConnectionAttempts: attempts, CPUUtilization: held(97, attempts.length) }).evidence,
        defaultSettings,
      ).rootCauses;
    expect(roots([18, 24, 30, 45, ...held(610, 8)])).toEqual(["connection-storm:attempts"]);
    // A minute of before, with the usual attempts, is another one's.
    const spike = scene({
      ConnectionAttempts: [6, 6, 6, ...held(610, 10)],
      CPUUtilization: [82, 40, 40, ...held(97, 10)],
    });
    expect(diagnose(spike.evidence, defaultSettings).rootCauses).toEqual(["connection-storm:attempts"]);
    // And so is one of a cron's, two minutes before the storm.
    const cron = scene({
      ConnectionAttempts: [...held(6, 4), ...held(610, 9)],
      CPUUtilization: [35, 35, 85, 35, ...held(97, 9)],
    });
    expect(diagnose(cron.evidence, defaultSettings).rootCauses).toEqual(["connection-storm:attempts"]);
    // A minute a little below is no end of a full CPU.
    const dip = scene({
      ConnectionAttempts: [...held(6, 4), ...held(610, 9)],
      CPUUtilization: [...held(97, 6), 79, ...held(97, 6)],
    });
    const connection = aConnection({ status: "not-connected", failedStep: "handshake" });
    expect(diagnose({ ...dip.evidence, connection }, defaultSettings).rootCauses).toEqual(["cpu-saturated"]);
    expect(roots([...held(610, 8), 50, ...held(610, 5)])).toEqual(["connection-storm:attempts"]);
  });

  it("D3 is the effect of a limit that is reached, where attempts take no CPU", () => {
    const roots = (open: number, cpu: number) =>
      diagnose(
        scene({
          ConnectionAttempts: held(6100),
          DatabaseConnections: held(open),
          CPUUtilization: held(cpu),
        }).evidence,
        defaultSettings,
      ).rootCauses;
    const storm = "connection-storm:attempts";
    expect(roots(640, 13)).not.toContain(storm);
    expect(roots(500, 13)).toContain(storm);
    expect(roots(640, 93)).toContain(storm);
  });

  it("D6 is a note where the CPU has room", () => {
    expect(told({ CPUUtilization: held(42) })).toMatchObject({ severity: "P3", explains: [] });
  });

  it("D4 is none where they are few, a few times as many, of a minute, here to stay, or nobody knows what is usual", () => {
    const few = { ...usual(2) };
    for (const one of [
      told({ ConnectionAttempts: held(40) }, { readings: { ConnectionAttempts: few } }),
      told({ ConnectionAttempts: held(50) }),
      told({ ConnectionAttempts: [...held(6, 9), 610] }),
      told({ DatabaseConnections: held(580) }),
      told({}, { readings: {} }),
    ]) {
      expect(one).toBeUndefined();
    }
  });
});
