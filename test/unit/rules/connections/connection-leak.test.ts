import { describe, expect, it } from "vitest";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import type { ConnectionGroup } from "../../../../functions/core/probes/rows.ts";
import { connectionLeak as rule } from "../../../../functions/core/rules/connections/connection-leak.ts";
import { connectionsNearLimit } from "../../../../functions/core/rules/connections/connections-near-limit.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aGroup, aMetric, aView, someEvidence } from "../../../support/evidence-builder.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

const server = { maxConnections: 103, reservedConnections: 3 };

function idle(count: number, overLeak: number, overrides: Partial<ConnectionGroup> = {}): ConnectionGroup {
  return aGroup(count, {
    state: "idle",
    application: "billing",
    oldestStateSeconds: 7200,
    medianStateSeconds: 1800,
    idleOverLeak: overLeak,
    ...overrides,
  });
}

const at = (...groups: ConnectionGroup[]) => rule.evaluate(aView({ groups, server }))[0];

describe("connection-leak", () => {
  it("D2 says whose they are, how many and for how long", () => {
    const finding = at(aGroup(20), idle(65, 60));
    expect(finding?.summary).toBe(
      "60 of the 65 connections of app billing from 10.0.0.7 have been idle for over 10 min, the longest for 2 h: they are opened and not used again; with 85 of 100 usable connections taken (85 %) new clients are about to be refused, or are already",
    );
    expect(finding).toMatchObject({ severity: "P2" });
    expect(finding?.actions.map(({ id, automatic }) => [id, automatic])).toEqual([
      ["free-idle-connections", false],
    ]);
  });

  it("D2 says the user, too, where a driver's name has several, and of whom the rest is", () => {
    const driver = { application: "PostgreSQL JDBC Driver" };
    const groups = [
      aGroup(45, { ...driver, user: "shop" }),
      idle(40, 38, { ...driver, user: "catalog_sync" }),
    ];
    expect(at(...groups)?.summary).toContain(
      "38 of the 40 connections of app PostgreSQL JDBC Driver, user catalog_sync, from 10.0.0.7",
    );
    const [, ...holders] = connectionsNearLimit.evaluate(aView({ groups, server }))[0]?.evidence ?? [];
    expect(holders.map(({ says }) => says)).toEqual([
      expect.stringContaining("45 active of app PostgreSQL JDBC Driver, user shop, from"),
      expect.stringContaining("40 idle of app PostgreSQL JDBC Driver, user catalog_sync, from"),
    ]);
  });

  it("D4 takes who listens for no leak and proposes to end nobody; who holds the slots is told with it", () => {
    const groups = [aGroup(20), idle(70, 70, { application: "gateway", listening: 66 })];
    expect(at(...groups)).toBeUndefined();
    const diagnosis = diagnose(someEvidence({ groups, server }), defaultSettings);
    expect(diagnosis.rootCauses).toEqual(["connections-near-limit"]);
    const [limit] = diagnosis.findings;
    expect(limit?.actions).toEqual([]);
    expect(limit?.evidence.map(({ says }) => says)).toContain(
      "70 idle of app gateway from 10.0.0.7 for up to 2 h, 66 of which LISTEN and idle on purpose; one connection can listen on all channels of a process",
    );
    const beside = at(aGroup(20), idle(70, 70, { application: "gateway", listening: 40 }));
    expect(beside?.summary).toContain("30 of the 70 connections of app gateway");
  });

  it("D3 explains the full slots", () => {
    const groups = [aGroup(20), idle(80, 78)];
    const diagnosis = diagnose(someEvidence({ groups, server }), defaultSettings);
    expect(diagnosis.rootCauses).toEqual(["connection-leak"]);
    expect(diagnosis.findings.map(({ id }) => id)).toEqual(["connection-leak", "too-many-connections"]);
    expect(diagnosis.severity).toBe("P1");
  });

  it("D4 leaves an old idle pool far from the limit alone", () => {
    expect(at(aGroup(9), idle(70, 70))).toBeUndefined();
    expect(at(aGroup(10), idle(70, 70))).toBeDefined();
  });

  it("D4 does not blame the few old ones for what busy ones have filled", () => {
    expect(at(aGroup(80), idle(12, 11))).toBeUndefined();
    expect(at(aGroup(80), idle(12, 12, { idleOverLeak: 0 }))).toBeUndefined();
  });

  it("T more than ten are a leak, ten are a pool", () => {
    const near = (leaked: number) =>
      rule.evaluate(
        aView({
          groups: [aGroup(8), idle(leaked, leaked)],
          server: { maxConnections: 22, reservedConnections: 0 },
        }),
      );
    expect(near(10)).toHaveLength(0);
    expect(near(11)).toHaveLength(1);
  });

  describe("D4 finds it under whatever names the instances of one program have", () => {
    const instances = (
      count: number,
      name: (n: number) => string,
      overrides: Partial<ConnectionGroup> = {},
    ) => Array.from({ length: count }, (_, n) => idle(1, 1, { application: name(n), ...overrides }));
    const hex = (n: number): string => `thumbnailer-${(0x24840fb + n * 7919).toString(16)}`;
    const admin = idle(1, 1, { application: "psql", user: "dba" });

    it("hex, digits, uuids, suffixes of pods", () => {
      const names: readonly ((n: number) => string)[] = [
        hex,
        (n) => `thumbnailer/${n}/${n * 31}`,
        (n) => `thumbnailer 0b5d2c1e-7a44-4c0f-9d1e-0000000000${n + 10}`,
        (n) => `thumbnailer-7d9f8b6c5-x${"bcdfghjklmnpqrstvwxz"[n % 20]}4z${"2456789"[n % 7]}`,
      ];
      for (const name of names) {
        const finding = at(aGroup(20), admin, ...instances(64, name));
        expect(finding?.summary).toMatch(/^64 of the 64 connections of app thumbnailer\S*.*\(\d+ names\)/);
        expect(finding?.summary).toContain("each of its instances keeps no more than");
      }
    });

    it("wherever they run, on MySQL too", () => {
      const pods = Array.from({ length: 64 }, (_, n) =>
        idle(1, 1, { application: null, client: `10.0.${n}.7`, user: "shop" }),
      );
      const [finding] = rule.evaluate(aView({ engine: "mysql", groups: [aGroup(20), ...pods], server }));
      expect(finding?.summary).toContain("64 of the 64 connections of user shop from 64 addresses (10.0.");
      // One of each client frees nothing, and the same user elsewhere may be another service.
      expect(finding?.actions).toEqual([]);
    });

    it("but not under names that say something else", () => {
      const words = ["cart", "search", "facade", "mailer", "billing", "import", "stock", "price"];
      const apps = words.map((application) => idle(8, 8, { application }));
      expect(at(aGroup(20), ...apps)).toBeUndefined();
    });

    it("A3 shows a person how to end those names, and never a bystander who idles alone", () => {
      const finding = at(aGroup(20), admin, ...instances(64, hex));
      const previews = finding?.actions.map(({ preview }) => preview) ?? [];
      expect(previews).toHaveLength(1);
      expect(previews[0]).toMatch(/application_name IN \('thumbnailer-24840fb', '.*'\) AND usename = /);
      expect(previews[0]).not.toContain("psql");
      expect(finding?.actions[0]?.describes).toMatch(
        /^60 of 64 sessions of thumbnailer-\* \(60 names\), user/,
      );
    });
  });

  it("A40 leaves protected users out", () => {
    expect(at(aGroup(20), idle(65, 60, { user: "rdsproxyadmin" }))).toBeUndefined();
  });

  it("P15 ends the sessions of one application, user and client, not of whoever shares a driver's name", () => {
    const driver = { application: "PostgreSQL JDBC Driver" };
    const finding = at(
      aGroup(20),
      idle(45, 40, { ...driver, user: "billing", client: "10.0.0.7" }),
      idle(20, 20, { ...driver, user: "billing", client: "10.0.0.7", database: "other" }),
      idle(8, 8, { ...driver, user: "payments", client: "10.0.0.8" }),
    );
    const [action] = finding?.actions ?? [];
    expect(action?.preview).toContain(
      "application_name = 'PostgreSQL JDBC Driver' AND usename = 'billing' AND client_addr = '10.0.0.7' AND state = 'idle'",
    );
    expect(action?.describes).toBe(
      "60 sessions of PostgreSQL JDBC Driver, user billing, from 10.0.0.7, idle for over 10 min",
    );
  });

  it("P15 proposes nothing for sessions without a name, and nothing against a protected one", () => {
    expect(at(aGroup(20), idle(65, 60, { application: null }))?.actions).toEqual([]);
    expect(at(aGroup(20), idle(65, 60, { application: "pg_dump" }))?.actions).toEqual([]);
  });

  it("D4 warns before the limit when the count climbs and idle ones are what it climbs by", () => {
    const climb = Array.from({ length: 15 }, (_, index) => 30 + index * 3);
    const overrides = { metrics: [aMetric("DatabaseConnections", climb)] };
    const [soon] = rule.evaluate(aView({ groups: [aGroup(12), idle(60, 50)], server, overrides }));
    expect(soon).toMatchObject({ severity: "P2", confidence: 0.6 });
    expect(soon?.summary).toContain("none is left in 9 min 20 s");
    const level = {
      metrics: [
        aMetric(
          "DatabaseConnections",
          climb.map(() => 72),
        ),
      ],
    };
    expect(rule.evaluate(aView({ groups: [aGroup(12), idle(60, 50)], server, overrides: level }))).toEqual(
      [],
    );
    expect(rule.evaluate(aView({ groups: [aGroup(52), idle(20, 15)], server, overrides }))).toEqual([]);
  });

  it("D3 explains the pool that runs full by what the count climbs by, though others fill most of it", () => {
    const climb = Array.from({ length: 15 }, (_, index) => 65 + (index * 34) / 14);
    const overrides = { metrics: [aMetric("DatabaseConnections", climb)] };
    const [leak] = rule.evaluate(aView({ groups: [aGroup(81), idle(18, 17)], server, overrides }));
    expect(leak?.explains.map(({ cause }) => cause)).toEqual(["connections-near-limit"]);
  });

  it("D2 says that it leaked by days where the last minutes are level", () => {
    const view = metricView({
      groups: [aGroup(20), idle(75, 70)],
      server,
      values: { DatabaseConnections: held(95) },
      readings: { DatabaseConnections: { baselineDay: 41, baselineWeek: 18 } },
    });
    expect(rule.evaluate(view)[0]?.evidence.at(-1)?.says).toBe(
      "95 now, hardly more than minutes ago; 41 a day ago and 18 a week ago at this time",
    );
  });

  it("T is silent about a limit more than an hour away", () => {
    const climb = Array.from({ length: 15 }, (_, index) => 30 + index * 3);
    const overrides = { metrics: [aMetric("DatabaseConnections", climb)] };
    const roomy = (maxConnections: number) =>
      rule.evaluate(
        aView({
          groups: [aGroup(12), idle(60, 50)],
          server: { maxConnections, reservedConnections: 0 },
          overrides,
        }),
      );
    expect(roomy(252)).toHaveLength(1);
    expect(roomy(253)).toHaveLength(0);
  });

  it("A3 names on MySQL the sessions of the one application, user and client that keeps most", () => {
    const named = (id: number) => ({ id, sessionKey: `shop@10.0.0.7:${50_000 + id}` });
    const leak = idle(65, 60, { longestIdle: Array.from({ length: 20 }, (_, index) => named(index + 1)) });
    const namesake = idle(15, 15, { client: "10.0.0.9", longestIdle: [named(99)] });
    const backup = idle(70, 70, { user: "rdsadmin", longestIdle: [named(98)] });
    const preview = (...groups: ConnectionGroup[]) =>
      rule.evaluate(aView({ engine: "mysql", groups, server }))[0]?.actions.map((action) => action.preview) ??
      [];
    const [text = ""] = preview(namesake, leak);
    expect(text.split("\n")).toHaveLength(10);
    expect(text).toContain("p.ID = 1 AND CONCAT(p.USER, '@', p.HOST) = 'shop@10.0.0.7:50001'");
    expect(text).toContain("p.TIME >= 600 AND NOT EXISTS (SELECT 1 FROM information_schema.innodb_trx");
    expect(text).not.toMatch(/10\.0\.0\.9|p\.ID = 9[89]/);
    // Recorded before the sessions were named, and one that is not to be touched.
    expect(preview(idle(85, 80))[0]).toMatch(/^SELECT CONCAT\('CALL mysql\.rds_kill\(', p\.ID, '\);'\)/);
    expect(preview(backup, leak)[0]).not.toContain("p.ID = 98");
  });

  it("A3 leaves alone on MySQL who idles with a named lock or locked tables, named or listed, and says where that is not seen", () => {
    const longestIdle = [{ id: 1, sessionKey: "shop@10.0.0.7:50001" }];
    for (const leak of [idle(85, 80, { longestIdle }), idle(85, 80)]) {
      const [action] = rule.evaluate(aView({ engine: "mysql", groups: [leak], server }))[0]?.actions ?? [];
      expect(action?.preview).toMatch(
        /AND NOT EXISTS \(SELECT 1 FROM performance_schema\.metadata_locks m .* m\.LOCK_STATUS = 'GRANTED'\)/,
      );
      expect(action?.consequence).toContain("only where metadata locks are recorded");
    }
  });
});
