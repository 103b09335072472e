import { describe, expect, it } from "vitest";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { authFailures } from "../../../../functions/core/rules/connections/auth-failures.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aProbe, aTarget, aView } from "../../../support/evidence-builder.ts";
import { someRates } from "../../../support/load-builder.ts";
import { held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const usual = (value: number) => ({ latest: null, baselineDay: value, baselineWeek: value });
const readings = { DatabaseConnections: usual(160), CPUUtilization: usual(36) };
const away = { values: { DatabaseConnections: held(7), CPUUtilization: held(5) }, readings };
const there = { values: { DatabaseConnections: held(151), CPUUtilization: held(33) }, readings };
/** Half the crowd of other days is still here. */
const fewer = { values: { DatabaseConnections: held(70), CPUUtilization: held(15) }, readings };

const row = (value: string) => ({
  ...{ name: "require_secure_transport", state: "set", value, bytes: null, seconds: null, source: "default" },
  ...{ path: null, changedAt: null, changedBy: null, goneSince: null, replacedBy: null },
});
const leave = (perSecond: number) =>
  someRates({
    connectionsPerSecond: perSecond + 0.4,
    abortedConnectsPerSecond: perSecond,
    abortedBeforeSignInPerSecond: perSecond,
  });

function told(scene: MetricScene, setting: string | null, perSecond = 9) {
  const probes = {
    "mysql-innodb-rates": [leave(perSecond)],
    ...(setting === null ? {} : { "mysql-settings": [row(setting)] }),
  };
  return authFailures.evaluate(metricView({ engine: "mariadb", ...scene, probes }))[0];
}

describe("clients that speak plainly to a server that takes TLS alone", () => {
  it("D4 are refused: they leave before they sign in, and stay away", () => {
    expect(told(away, "ON")).toMatchObject({
      severity: "P1",
      summary: expect.stringMatching(
        /^Clients without TLS are refused: require_secure_transport is ON, and 540 a minute leave .* 7 connections/,
      ),
    });
  });

  it("D4 are health checks where the server takes plain clients, where the clients are there, and where hardly one leaves", () => {
    expect(told(away, "OFF")).toBeUndefined();
    expect(told(there, "ON")).toBeUndefined();
    expect(told(away, "ON", 0.01)).toBeUndefined();
  });

  it("D4 are refused by default from MariaDB 11.8 on, where the setting was not seen", () => {
    const { evidence } = metricView({ engine: "mariadb", ...away });
    const of = (engineVersion: string) => {
      const target = aTarget({ engine: "mariadb", engineVersion });
      const probes = [...evidence.probes, aProbe("mysql-innodb-rates", [leave(9)])];
      return authFailures.evaluate(aView({ overrides: { ...evidence, target, probes } }))[0];
    };
    expect(of("11.4.5")).toBeUndefined();
    expect(of("11.8.3")?.summary).toContain("by default from MariaDB 11.8");
  });
});

describe("a database that nearly all of its clients have left", () => {
  const verdictOf = (scene: MetricScene) => {
    const { evidence } = metricView({ engine: "mysql", ...scene });
    return diagnose(evidence, defaultSettings);
  };

  it("D7 is never well, however quiet it is", () => {
    const { verdict, headline } = verdictOf(away);
    expect(verdict).toBe("unknown");
    expect(headline).toContain("nearly all of its clients are away, and why was not found");
    expect(headline).toContain("7 connections for 10 min, 160 as a rule at this time");
    expect(headline).not.toContain("nothing serious");
  });

  it("D7 is well with its crowd, with half of it, and at an hour that is as empty every week", () => {
    expect(verdictOf(there).verdict).toBe("well");
    expect(verdictOf(fewer).verdict).toBe("well");
    const sunday = { latest: null, baselineDay: 160, baselineWeek: 8 };
    expect(verdictOf({ ...away, readings: { ...readings, DatabaseConnections: sunday } }).verdict).toBe(
      "well",
    );
  });
});
