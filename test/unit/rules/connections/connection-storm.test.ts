import { describe, expect, it } from "vitest";
import type { ConnectionGroup } from "../../../../functions/core/probes/rows.ts";
import { connectionStorm as rule } from "../../../../functions/core/rules/connections/connection-storm.ts";
import { connectionsNearLimit } from "../../../../functions/core/rules/connections/connections-near-limit.ts";
import { idleInTransactionPileup } from "../../../../functions/core/rules/connections/idle-in-transaction-pileup.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aConnection, aGroup, aMetric, anAlarm, aTarget, aView } from "../../../support/evidence-builder.ts";
import { anIdleTransaction, aRunning } from "../../../support/forest-builder.ts";
import { ratesOfMysql } from "../../../support/mysql-rates-builder.ts";
import { databaseRates } from "../../../support/postgres-rates-builder.ts";
import { aStatement, lookedDeeper } from "../../../support/statement-builder.ts";

const server = { maxConnections: 103, reservedConnections: 3 };

const at = (...groups: ConnectionGroup[]) => rule.evaluate(aView({ groups, server }))[0];

describe("connection-storm", () => {
  it("D2 says how many came within a minute and whose they are", () => {
    const finding = at(
      aGroup(60, { openedLastMinute: 58 }),
      aGroup(25, { application: "old", openedLastMinute: 2 }),
    );
    expect(finding?.summary).toBe(
      "60 connections were opened within 1 min, 58 of them by web; 85 of 100 usable connections are taken (85 %)",
    );
    expect(finding).toMatchObject({ severity: "P2", confidence: 0.9, actions: [] });
    expect(finding?.explains.map(({ cause }) => cause)).toContain("connections-near-limit");
  });

  it("T needs twenty new ones and half of all, and slots that run short", () => {
    expect(at(aGroup(85, { openedLastMinute: 43 }))).toBeDefined();
    expect(at(aGroup(85, { openedLastMinute: 42 }))).toBeUndefined();
    expect(at(aGroup(79, { openedLastMinute: 79 }))).toBeUndefined();
    expect(at(aGroup(85))).toBeUndefined();
  });

  it("D4 takes nothing from the youth of connections on a server that has just started, where no more come", () => {
    const told = (sessionsPerSecond: number, uptimeSeconds: number) => {
      const rates = { ...databaseRates(10, 0), sessionsPerSecond };
      const groups = [aGroup(85, { openedLastMinute: 85 })];
      const started = { ...server, uptimeSeconds };
      return rule.evaluate(lookedDeeper({ "postgres-database-rates": [rates] }, { groups, server: started }));
    };
    expect(told(0, 6)).toEqual([]);
    expect(told(4, 6)).toHaveLength(1);
    expect(told(0, 600)).toHaveLength(1);
  });

  it("D4 takes connections that wait for a lock for the symptom that they are", () => {
    expect(at(aGroup(85, { openedLastMinute: 85, waitingOnLock: 60 }))).toBeUndefined();
  });

  it("D4 takes connections that a statement heavy by itself keeps for its symptom, and no others", () => {
    const query = "SELECT 1 FROM comments WHERE commentable_id = $1";
    const told = (blocksHit: number, running: number, sessionSeconds = 20) => {
      const statement = aStatement({
        query,
        now: { callsPerSecond: 40, averageSessions: 42, meanSeconds: 1.1, percentOfTime: 98 },
        sinceReset: { calls: 200, blocksHit, totalSeconds: 190, meanSeconds: 0.95 },
      });
      const sessions = Array.from({ length: running }, (_, index) =>
        aRunning(100 + index, 1, { query, sessionSeconds }),
      );
      const groups = [aGroup(85, { openedLastMinute: 85 })];
      const view = lookedDeeper({ "postgres-top-statements": [statement] }, { groups, sessions, server });
      return rule.evaluate(view).length;
    };
    expect(told(200 * 8500, 70)).toBe(0);
    // Most of the new ones do something else, or the statement is slow only because so many want it at once.
    expect(told(200 * 8500, 30)).toBe(1);
    expect(told(200 * 12, 70)).toBe(1);
    // Those who have been there for long are none of the new ones to begin with.
    expect(told(200 * 8500, 70, 900)).toBe(1);
  });

  it("D4 takes those who keep a transaction open for no storm, however new they are: a pile-up tells of them", () => {
    const world = (parked: number, idleSeconds: number, opened = 85, sessionSeconds = idleSeconds + 1) => {
      const sessions = Array.from({ length: parked }, (_, index) =>
        anIdleTransaction(100 + index, idleSeconds, { sessionSeconds }),
      );
      const young = Math.min(parked, opened);
      const groups = [
        aGroup(parked, {
          state: "idle-in-transaction",
          application: "booking",
          oldestStateSeconds: idleSeconds,
          medianStateSeconds: idleSeconds,
          openedLastMinute: sessionSeconds < 60 ? young : 0,
        }),
        aGroup(85 - parked, { openedLastMinute: opened - young }),
      ];
      return aView({ groups, sessions, server: { ...server, uptimeSeconds: 10 } });
    };
    const told = (...args: Parameters<typeof world>) => rule.evaluate(world(...args))[0];
    expect(told(65, 8)).toBeUndefined();
    expect(idleInTransactionPileup.evaluate(world(65, 8))[0]?.explains).toContainEqual(
      expect.objectContaining({ cause: "connections-near-limit" }),
    );
    // Between two statements of those who have just come lies a moment.
    expect(told(65, 0.4)?.summary).toContain("85 connections were opened within 1 min");
    expect(told(65, 4.9)).toBeDefined();
    // A storm beside a pile that fills nothing: it is counted without it, and so is whose it is.
    expect(told(12, 8)?.summary).toContain("73 connections were opened within 1 min, 73 of them by web");
    // And one beside a pile of long ago, of which none is new.
    expect(told(30, 900, 85, 1000)?.summary).toContain("55 connections were opened within 1 min");
  });

  it("D4 counts those of an application that policy protects, of whom no pile-up tells", () => {
    const booking = { application: "booking", sessionSeconds: 9 };
    const sessions = Array.from({ length: 65 }, (_, index) => anIdleTransaction(100 + index, 8, booking));
    const groups = [
      aGroup(65, {
        state: "idle-in-transaction",
        application: "booking",
        oldestStateSeconds: 8,
        medianStateSeconds: 8,
        openedLastMinute: 65,
      }),
      aGroup(20, { openedLastMinute: 20 }),
    ];
    const told = (protectedApplications: readonly string[]) => {
      const policy = { ...defaultSettings.policy, protectedApplications: [...protectedApplications] };
      return rule.evaluate(aView({ groups, sessions, server }, { ...defaultSettings, policy }))[0]?.summary;
    };
    expect(told([])).toBeUndefined();
    expect(told(["booking"])).toContain("85 connections were opened within 1 min, 65 of them by booking");
  });

  it("D2 names those whom it finds between two statements, beside a forgotten transaction of another", () => {
    const parked = { state: "idle-in-transaction" } as const;
    const groups = [
      aGroup(60, { ...parked, application: "api", medianStateSeconds: 0.2, openedLastMinute: 60 }),
      aGroup(1, { ...parked, application: "report", medianStateSeconds: 900, openedLastMinute: 0 }),
      aGroup(25, { openedLastMinute: 8 }),
    ];
    const sessions = [anIdleTransaction(100, 900, { sessionSeconds: 2000, application: "report" })];
    expect(rule.evaluate(aView({ groups, sessions, server }))[0]?.summary).toContain(", 60 of them by api;");
  });

  it("D4 knows them on MySQL and MariaDB, which count who came and not who of them is here", () => {
    const told = (engine: "mysql" | "mariadb", parked: number, connectionsPerSecond: number) =>
      rule
        .evaluate(
          lookedDeeper(
            { "mysql-innodb-rates": [ratesOfMysql({ connectionsPerSecond })] },
            {
              engine,
              sessions: Array.from({ length: parked }, (_, index) => anIdleTransaction(100 + index, 8)),
              groups: [
                aGroup(parked, { state: "idle-in-transaction", medianStateSeconds: 8 }),
                aGroup(85 - parked, { state: "idle" }),
              ].filter(({ count }) => count > 0),
              server,
            },
          ),
        )
        .filter(({ subject }) => subject === "");
    for (const engine of ["mysql", "mariadb"] as const) {
      expect(told(engine, 70, 5)).toEqual([]);
      expect(told(engine, 0, 5)[0]?.summary).toContain("85 connections were opened within 1 min");
      expect(told(engine, 10, 5)[0]?.summary).toContain("75 connections were opened within 1 min");
    }
  });

  it("D4 says that everybody reconnects after a restart", () => {
    const view = aView({
      groups: [aGroup(95, { openedLastMinute: 95 })],
      server: { ...server, uptimeSeconds: 40 },
    });
    expect(rule.evaluate(view)[0]?.summary).toContain("the server started 40 s ago");
  });

  it("D7 sees it from CloudWatch alone when the responder is refused, with lower confidence", () => {
    const connection = aConnection({ status: "not-connected", failedStep: "no-free-slot" });
    const from = (values: readonly number[]) =>
      rule.evaluate(
        aView({ overrides: { connection, probes: [], metrics: [aMetric("DatabaseConnections", values)] } }),
      )[0];
    expect(from([40, 41, 40, 42, 170])).toMatchObject({ confidence: 0.6, severity: "P1" });
    expect(from([40, 41, 40, 42, 50])).toBeUndefined();
    expect(from(Array.from({ length: 15 }, (_, index) => 40 + index * 9))).toBeUndefined();
  });
});

describe("connections-near-limit without a look inside", () => {
  const connection = aConnection({ status: "not-connected", failedStep: "tcp" });

  function outside(values: readonly number[], instanceClass: string | null, alarm = false) {
    const signal = alarm ? anAlarm("DatabaseConnections", { threshold: 700 }) : null;
    const overrides = {
      connection,
      probes: [],
      metrics: [aMetric("DatabaseConnections", values)],
      signal,
      target: aTarget({ instanceClass }),
    };
    return connectionsNearLimit.evaluate(aView({ overrides }))[0];
  }

  it("D7 measures CloudWatch's count against the default of the instance's size", () => {
    // 8 GiB less a tenth, through 9531392 bytes: 811.
    expect(outside([640], "db.m7g.large")).toBeUndefined();
    expect(outside([660], "db.m7g.large")).toMatchObject({ severity: "P2", confidence: 0.45 });
    expect(outside([740], "db.m7g.large")).toMatchObject({ severity: "P1" });
    expect(outside([740], "db.m7g.large")?.summary).toContain(
      "about 91 % of some 811 (the default of db.m7g.large",
    );
  });

  it("D7 takes the alarm's word where the size tells nothing", () => {
    expect(outside([740], null)).toBeUndefined();
    const finding = outside([740], null, true);
    expect(finding).toMatchObject({ severity: "P2", confidence: 0.35 });
    expect(finding?.summary).toContain("over the alarm's threshold of 700");
  });

  it("D4 leaves a refusal for want of a slot to the rule that knows it", () => {
    const refused = aConnection({ status: "not-connected", failedStep: "no-free-slot" });
    const metrics = [aMetric("DatabaseConnections", [900])];
    expect(
      connectionsNearLimit.evaluate(aView({ overrides: { connection: refused, probes: [], metrics } })),
    ).toEqual([]);
  });
});
