import { describe, expect, it } from "vitest";
import type { DatabaseContext, RdsEvent } from "../../../../functions/core/contract/context.ts";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { authFailures } from "../../../../functions/core/rules/connections/auth-failures.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aProbe, aTarget, aView, collectedAt } from "../../../support/evidence-builder.ts";
import { someRates } from "../../../support/load-builder.ts";
import { anEvent, held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

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

const restarted = [
  anEvent(9, "availability", "DB instance restarted"),
  anEvent(8, "maintenance", "DB engine version upgraded"),
];

interface Leavers {
  readonly perSecond?: number;
  readonly intervalSeconds?: number;
}

function sceneOf(
  scene: MetricScene,
  setting: string | null,
  { perSecond = 9, intervalSeconds = 1 }: Leavers = {},
) {
  const probes = {
    "mysql-innodb-rates": [{ ...leave(perSecond), intervalSeconds }],
    ...(setting === null ? {} : { "mysql-settings": [row(setting)] }),
  };
  return metricView({ engine: "mariadb", events: restarted, ...scene, probes });
}

function told(scene: MetricScene, setting: string | null, leavers: Leavers = {}) {
  return authFailures.evaluate(sceneOf(scene, setting, leavers))[0];
}

/** One health check of each of three zones, each 10 s. */
const balancers = { perSecond: 0.3, intervalSeconds: 20 };
const curve = (...values: readonly number[]) => ({
  ...away,
  values: { ...away.values, DatabaseConnections: values },
});
const setOn = (minutesAgo: number) => {
  const message = "Updated parameter require_secure_transport to 1 with apply method immediate";
  return [{ ...anEvent(minutesAgo, "configuration change", message), source: "parameter-group" as const }];
};

describe("clients that speak plainly to a server that takes TLS alone", () => {
  it("D4 are refused: they leave before they sign in, and stay away since an upgrade", () => {
    expect(told(away, "ON")).toMatchObject({
      severity: "P1",
      summary: expect.stringMatching(
        /^Clients without TLS are refused: require_secure_transport is ON, and 540 a minute leave .*, since .*, 8 min ago: they have to ask for TLS .* 7 connections/,
      ),
    });
  });

  it("D4 are told first to ask for TLS, and what setting the parameter back takes away", () => {
    expect(told(away, "ON")?.summary).toMatch(/ask for TLS .*at 0 in the group .* in the clear/);
  });

  it("D4 are health checks where the server takes plain clients, where the clients are there, and where hardly one leaves", () => {
    expect(told(away, "OFF")).toBeUndefined();
    expect(told(there, "ON")).toBeUndefined();
    expect(told(away, "ON", { perSecond: 0.01 })).toBeUndefined();
  });

  it("D4 are health checks where no more leave than those make, whatever began", () => {
    expect(told(away, "ON", balancers)).toBeUndefined();
    expect(told(away, "ON", { perSecond: 0.1, intervalSeconds: 60 })).toBeUndefined();
    // 153 are missing, and every third of them would try again.
    expect(told(away, "ON", { perSecond: 0.8, intervalSeconds: 60 })).toBeUndefined();
    expect(told(away, "ON", { perSecond: 1.1, intervalSeconds: 60 })).toBeDefined();
  });

  it("D4 are not told by the one or two that a second met", () => {
    expect(told(away, "ON", { perSecond: 2, intervalSeconds: 1 })).toBeUndefined();
  });

  it("D4 are not told where nothing began that asks for TLS: then they are away for another reason", () => {
    expect(told({ ...away, events: [] }, "ON")).toBeUndefined();
    // A restart brings no such setting, but may have brought a certificate that they do not trust.
    const rotated = [anEvent(8, "availability", "DB instance restarted")];
    expect(told({ ...away, events: rotated }, "ON")).toBeUndefined();
    const backup = [anEvent(30, "backup", "Finished DB Instance backup")];
    expect(told({ ...away, events: backup }, "ON")).toBeUndefined();
  });

  it("D4 are not told by a restart after which they were there, nor by one after they had gone", () => {
    const night = [anEvent(400, "availability", "DB instance restarted")];
    expect(told({ ...curve(160, 161, 159, ...held(7, 12)), events: night }, "ON")).toBeUndefined();
    // A night's patch, when they left before anything was measured, and one that brought another authority.
    const patched = (minutes: number) => anEvent(minutes, "maintenance", "Database instance patched");
    expect(told({ ...away, events: [patched(1200)] }, "ON")).toBeUndefined();
    const authority = anEvent(
      9,
      "configuration change",
      "Updated to use new certificate authority rds-ca-rsa2048-g1",
    );
    expect(told({ ...away, events: [patched(8), authority] }, "ON")).toBeUndefined();
    expect(told({ ...away, events: [patched(8)] }, "ON")).toBeDefined();
    const late = [anEvent(2, "availability", "DB instance restarted")];
    expect(told({ ...curve(160, ...held(7, 70)), events: late }, "ON")).toBeUndefined();
    expect(told({ ...curve(...held(7, 70)), events: late }, "ON")).toBeUndefined();
  });

  it("D4 are told for as long as they are away, since a version that is another, and of a patch for some hours", () => {
    const upgraded = (minutes: number) => anEvent(minutes, "maintenance", "DB engine version upgraded");
    const patched = (minutes: number) => anEvent(minutes, "maintenance", "Database instance patched");
    for (const minutes of [76, 700])
      expect(told({ ...away, events: [upgraded(minutes)] }, "ON")?.severity).toBe("P1");
    expect(told({ ...away, events: [patched(150)] }, "ON")?.severity).toBe("P1");
    expect(told({ ...away, events: [patched(600)] }, "ON")).toBeUndefined();
    // When they left stands in the hours before.
    const earlier = (...values: number[]) => ({
      from: new Date(Date.parse(collectedAt) - (15 + 5 * values.length) * 60_000).toISOString(),
      stepSeconds: 300,
      values,
    });
    const left = (minutes: number, of: (minutes: number) => RdsEvent) => {
      const connections = { ...usual(160), earlier: earlier(...held(158, 12), ...held(7, 24)) };
      const values = { ...away.values, DatabaseConnections: held(7, 15) };
      return told(
        {
          ...away,
          values,
          readings: { ...readings, DatabaseConnections: connections },
          events: [of(minutes)],
        },
        "ON",
      );
    };
    expect(left(134, patched)?.severity).toBe("P1");
    expect(left(134, upgraded)?.severity).toBe("P1");
    // The silence of the night before it is nobody's leave.
    const night = { ...usual(160), earlier: earlier(...held(6, 36)) };
    const early = { ...curve(...held(7, 15)), readings: { ...readings, DatabaseConnections: night } };
    expect(told({ ...early, events: [patched(41)] }, "ON")?.severity).toBe("P1");
    // They were there for an hour after it, and had gone two hours before it.
    expect(left(195, upgraded)).toBeUndefined();
    expect(left(10, patched)).toBeUndefined();
  });

  it("D4 are told by a restart only where it brought a parameter group that was given to this database before it", () => {
    const crashed = [anEvent(41, "availability", "DB instance restarted")];
    const call = (minutesAgo: number, what: string, detail: string): Partial<DatabaseContext> => ({
      changes: [
        {
          ...{
            at: anEvent(minutesAgo, "", "").at,
            source: "cloudtrail",
            subject: "orders-db",
            what,
            by: "ana",
          },
          ...{ detail, error: null },
        },
      ],
    });
    const withRestart = (context: Partial<DatabaseContext>, events: readonly RdsEvent[] = crashed) =>
      told({ ...away, events, context }, "ON")?.severity;
    const mine = "dBInstanceIdentifier=orders-db, dBParameterGroupName=orders-strict";
    expect(withRestart(call(50, "ModifyDBInstance", mine))).toBe("P1");
    expect(
      withRestart({}, [
        anEvent(300, "configuration change", "Updated to use DBParameterGroup orders-strict"),
        ...crashed,
      ]),
    ).toBe("P1");
    expect(
      withRestart(call(300, "ModifyDBParameterGroup", "dBParameterGroupName=other, parameters=[]")),
    ).toBeUndefined();
    expect(withRestart(call(5, "ModifyDBInstance", mine))).toBeUndefined();
    expect(
      withRestart(call(42, "ModifyDBInstance", `cACertificateIdentifier=rds-ca-rsa4096-g1, ${mine}`)),
    ).toBeUndefined();
    // An advice about an authority that will expire is no new one.
    const advice = anEvent(40, "notification", "The certificate authority rds-ca-2019 expires in 90 days");
    const patched = anEvent(41, "maintenance", "Database instance patched");
    expect(withRestart({}, [advice, patched])).toBe("P1");
  });

  it("D7 whose clients are away for whatever reason is no minor thing, and nobody says why", () => {
    const view = sceneOf({ ...away, events: [] }, "ON");
    expect(diagnose(view.evidence, defaultSettings)).toMatchObject({ verdict: "unknown", severity: "P2" });
    const here = sceneOf({ ...there, events: [] }, "ON");
    expect(diagnose(here.evidence, defaultSettings).severity).toBeNull();
  });

  it("D4 are told by the parameter that was set, also hours before the pools have let go, and not by one set after", () => {
    const left = curve(160, 161, 159, ...held(7, 12));
    expect(told({ ...left, events: setOn(300) }, "ON")?.summary).toContain("require_secure_transport to 1");
    expect(told({ ...left, events: setOn(2) }, "ON")).toBeUndefined();
  });

  it("D4 are told where many times as many as ever try to connect", () => {
    const attempts = { latest: null, baselineDay: 30, baselineWeek: 30 };
    const storm = {
      values: { ...away.values, ConnectionAttempts: held(600) },
      readings: { ...readings, ConnectionAttempts: attempts },
    };
    expect(told({ ...storm, events: [] }, "ON")?.severity).toBe("P1");
  });

  it("D7 are a hint, and no cause, where those who leave may be health checks", () => {
    const headline = (leavers: Leavers, setting: string) =>
      diagnose(sceneOf({ ...away, events: [] }, setting, leavers).evidence, defaultSettings).headline;
    expect(headline(balancers, "ON")).toMatch(
      /why was not found; require_secure_transport is ON, and 18 a minute leave before they sign in \(6 within 20 s\), as health checks do, and as clients without TLS would/,
    );
    expect(headline(balancers, "OFF")).not.toContain("health checks");
  });

  it("D4 are refused by default from MariaDB 11.8 on, where the setting was not seen", () => {
    const { evidence } = metricView({ engine: "mariadb", ...away, events: restarted });
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
