import { describe, expect, it } from "vitest";
import { databaseUnreachable } from "../../../../functions/core/rules/availability/database-unreachable.ts";
import { connectionsNearLimit } from "../../../../functions/core/rules/connections/connections-near-limit.ts";
import { tooManyConnections } from "../../../../functions/core/rules/connections/too-many-connections.ts";
import { aConnection, aGroup, aMetric, aView } from "../../../support/evidence-builder.ts";

const usable100 = { maxConnections: 103, reservedConnections: 3 };

function at(count: number) {
  const view = aView({ groups: [aGroup(count)], server: usable100 });
  return {
    near: connectionsNearLimit.evaluate(view)[0],
    full: tooManyConnections.evaluate(view)[0],
  };
}

describe("connections-near-limit and too-many-connections", () => {
  it("T warns at 80 % of what applications can use, is critical at 90 %, and full at all of it", () => {
    expect(at(79)).toEqual({ near: undefined, full: undefined });
    expect(at(80).near?.severity).toBe("P2");
    expect(at(89).near?.severity).toBe("P2");
    expect(at(90).near?.severity).toBe("P1");
    expect(at(99).full).toBeUndefined();
    expect(at(100).near).toBeUndefined();
    expect(at(100).full?.severity).toBe("P1");
  });

  it("D2 says the numbers by state and whose they are", () => {
    const groups = [aGroup(10), aGroup(70, { state: "idle-in-transaction", application: "checkout" })];
    const [finding] = connectionsNearLimit.evaluate(aView({ groups, server: usable100 }));
    expect(finding?.summary).toBe(
      "80 of 100 usable connections are taken (80 %): 10 active and 70 idle in transaction; the most: 70 idle in transaction of app checkout from 10.0.0.7 for up to 200 ms",
    );
    expect(finding?.evidence[1]?.says).toContain("70 idle in transaction of app checkout");
  });

  it("D4 takes a busy pool with room for healthy", () => {
    const groups = [aGroup(60), aGroup(19, { state: "idle", oldestStateSeconds: 7200, idleOverLeak: 19 })];
    const view = aView({ groups, server: usable100 });
    expect([...connectionsNearLimit.evaluate(view), ...tooManyConnections.evaluate(view)]).toEqual([]);
  });

  it("A3 only shows a person how to free sessions that have long been idle, quoted", () => {
    const idle = aGroup(60, { state: "idle", application: "o'clock", idleOverLeak: 55 });
    const [finding] = connectionsNearLimit.evaluate(aView({ groups: [aGroup(30), idle], server: usable100 }));
    expect(finding?.actions).toEqual([
      expect.objectContaining({ id: "free-idle-connections", automatic: false }),
    ]);
    expect(finding?.actions[0]?.preview).toContain("application_name = 'o''clock'");
    expect(at(95).near?.actions).toEqual([]);
  });

  it("A3 proposes nothing against who idles alone, or so few that hardly a slot is won", () => {
    const few = (count: number) =>
      aGroup(count, { state: "idle", application: "psql", user: "dba", idleOverLeak: count });
    const actions = (count: number) =>
      connectionsNearLimit.evaluate(aView({ groups: [aGroup(85), few(count)], server: usable100 }))[0]
        ?.actions;
    expect(actions(1)).toEqual([]);
    expect(actions(9)).toEqual([]);
    expect(actions(10)).toHaveLength(1);
  });

  it("D2 lists first who holds most, under whatever names", () => {
    const instances = Array.from({ length: 60 }, (_, n) =>
      aGroup(1, {
        state: "idle",
        application: `resizer-${(0x1f40 + n * 37).toString(16)}`,
        oldestStateSeconds: n,
      }),
    );
    const groups = [aGroup(25), ...instances];
    const [finding] = connectionsNearLimit.evaluate(aView({ groups, server: usable100 }));
    expect(finding?.evidence[1]?.says).toBe(
      "60 idle of app resizer-* (60 names) from 10.0.0.7 for up to 59 s",
    );
  });

  it("T counts at least one connection of each group that was too many to list", () => {
    const view = aView({ groups: [aGroup(60)], server: usable100 });
    const probes = view.evidence.probes.map((probe) =>
      probe.id === "postgres-connections" ? { ...probe, rowCount: 36, truncated: true } : probe,
    );
    const cut = { ...view, evidence: { ...view.evidence, probes } };
    expect(connectionsNearLimit.evaluate(view)).toEqual([]);
    expect(connectionsNearLimit.evaluate(cut)[0]?.summary).toContain("95 of 100 usable connections");
  });

  it("P0 takes being refused for want of a slot for evidence", () => {
    const connection = aConnection({
      status: "not-connected",
      failedStep: "no-free-slot",
      detail: "53300: remaining connection slots are reserved",
    });
    const view = aView({ overrides: { connection, probes: [] } });
    const [finding] = tooManyConnections.evaluate(view);
    expect(finding?.summary).toContain("the responder itself was refused");
    expect(databaseUnreachable.evaluate(view)).toEqual([]);
  });
});

describe("database-unreachable", () => {
  function findingAt(
    failedStep: "tcp" | "name-resolution" | "tls" | "sign-in" | "handshake",
    metric?: number,
  ) {
    const connection = aConnection({
      status: "not-connected",
      failedStep,
      detail: "no answer",
      pointsTo: "a security group",
      tookMs: 3000,
    });
    const metrics = metric === undefined ? [] : [aMetric("DatabaseConnections", [metric])];
    return databaseUnreachable.evaluate(aView({ overrides: { connection, probes: [], metrics } }))[0];
  }

  it("P1 says which step failed and what that points to, as P0", () => {
    expect(findingAt("tcp")).toMatchObject({
      severity: "P0",
      summary:
        "The database cannot be reached: no TCP connection comes about (tried for 3 s); it points to a security group",
      actions: [],
    });
    expect(findingAt("name-resolution")?.severity).toBe("P0");
  });

  it("P1 takes a refused sign-in for no proof that the database is down", () => {
    expect(findingAt("sign-in")).toMatchObject({ severity: "P1" });
    expect(findingAt("sign-in")?.summary).toContain("this is not proof that the database is down");
  });

  it("D7 trusts its own failure less when CloudWatch has just counted connections", () => {
    expect(findingAt("tcp", 40)?.confidence).toBe(0.5);
    expect(findingAt("tcp", 40)?.summary).toContain("CloudWatch counted 40 connections");
    expect(findingAt("tcp", 0)?.confidence).toBe(0.9);
  });

  it("P1 is silent when connected and when nothing was tried", () => {
    expect(databaseUnreachable.evaluate(aView())).toEqual([]);
    const connection = aConnection({ status: "not-tried" });
    expect(databaseUnreachable.evaluate(aView({ overrides: { connection, probes: [] } }))).toEqual([]);
  });
});
