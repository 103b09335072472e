import { describe, expect, it } from "vitest";
import { authFailures } from "../../../../functions/core/rules/connections/auth-failures.ts";
import { aConnection, aTarget } from "../../../support/evidence-builder.ts";
import { anEvent, held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const seconds = (at: number) => new Date(Date.parse("2026-11-21T10:00:00Z") - at * 1000);
const stamp = (at: number) => seconds(at).toISOString().slice(0, 19).replace("T", " ");
const wrong = (at: number) =>
  `${stamp(at)} UTC:10.0.0.7(54):shop@app:[7]:FATAL: password authentication failed for user "shop"`;
const unknown = (at: number) =>
  `${stamp(at)} UTC:10.0.0.7(54):[unknown]@[unknown]:[7]:LOG: could not accept SSL connection: tlsv1 alert unknown ca`;

const usual = (value: number) => ({ latest: null, baselineDay: value, baselineWeek: value });
const crowd = { DatabaseConnections: usual(96), CPUUtilization: usual(33) };

/** So many lines, one every `every` seconds until just now. */
function told(line: (at: number) => string, count: number, every: number, scene: MetricScene = {}) {
  const lines = Array.from({ length: count }, (_, index) => line(20 + index * every));
  const logs = [{ file: "error.log", kind: "error" as const, lastWrittenAt: null, lines, truncated: false }];
  const overrides = { connection: aConnection({ status: "not-tried" }), probes: [] };
  return authFailures.evaluate(metricView({ overrides, ...scene, context: { logs } }))[0];
}

const away = { values: { DatabaseConnections: held(18), CPUUtilization: held(9) }, readings: crowd };
const there = { values: { DatabaseConnections: held(94), CPUUtilization: held(32) }, readings: crowd };

describe("sign-ins that fail one by one", () => {
  it("D4 are no typing while the clients stay away, however few they are a minute", () => {
    // One forgotten job may be all that is left on a quiet day.
    expect(told(wrong, 12, 40, away)).toMatchObject({
      severity: "P2",
      summary:
        "Sign-ins are refused: 12 refused sign-ins in the log within 7 min 20 s (shop 12), the last 20 s ago; its clients stay away: 18 connections for 10 min, 96 as a rule at this time, CPU 9 % of 33 %".replaceAll(
          '"',
          "",
        ),
    });
    const half = { ...away, values: { DatabaseConnections: held(40), CPUUtilization: held(12) } };
    expect(told(wrong, 12, 40, half)?.severity).toBe("P2");
  });

  it("D4 are somebody's typing while the clients are there, where they are three, and where they are over", () => {
    expect(told(wrong, 12, 40, there)).toBeUndefined();
    expect(told(wrong, 3, 40, away)).toBeUndefined();
    expect(told((at) => wrong(at + 400), 8, 40, away)).toBeUndefined();
  });

  it("D4 are not over while its clients are away, though the last was read of minutes ago", () => {
    expect(told((at) => wrong(at + 240), 8, 40, away)?.severity).toBeDefined();
    expect(told((at) => wrong(at + 240), 8, 40, there)).toBeUndefined();
  });

  it("D6 are as bad as those who are missing, where they are many", () => {
    expect(told(wrong, 20, 6, away)?.severity).toBe("P1");
    expect(told(wrong, 20, 6, there)?.severity).toBe("P2");
  });
});

describe("sign-ins that fail one by one in a cluster", () => {
  const member = (role: "writer" | "reader", scene: MetricScene = {}) =>
    told(wrong, 12, 40, {
      ...{ ...away, ...scene },
      overrides: {
        connection: aConnection({ status: "not-tried" }),
        probes: [],
        target: aTarget({ clusterId: "shop", role }),
      },
    });

  it("D4 are no typing while its writer's clients stay away", () => {
    expect(member("writer")).toMatchObject({
      severity: "P2",
      summary: expect.stringContaining("its clients stay away: 18 connections for 10 min"),
    });
  });

  it("D4 say nothing of a reader, whose work another may have now, and of a writer that has just become one", () => {
    expect(member("reader")).toBeUndefined();
    const moved = anEvent(40, "failover", "Completed failover to DB instance: orders-2");
    expect(member("writer", { events: [moved] })).toBeUndefined();
  });
});

describe("clients that turn the server's certificate away", () => {
  it.each([
    "tlsv1 alert unknown ca",
    "sslv3 alert bad certificate",
    "sslv3 alert certificate unknown",
    "ssl/tls alert certificate expired",
  ])("D4 are told with what is to be done, in PostgreSQL's words: %s", (alert) => {
    const finding = told((at) => unknown(at).replace("tlsv1 alert unknown ca", alert), 40, 11, away);
    expect(finding).toMatchObject({ severity: "P1", actions: [] });
    expect(finding?.summary).toMatch(
      /^Clients turn the server's certificate away: 40 handshakes broken off by them in the log within 7 min 9 s, the last 20 s ago; its clients stay away: 18 connections/,
    );
    expect(finding?.evidence.map(({ says }) => says).join()).toContain("global-bundle.pem");
  });

  it("D4 are a few of many while the others are there, and none where the handshake fails for another reason", () => {
    expect(told(unknown, 40, 11, there)?.severity).toBe("P2");
    expect(told(unknown, 40, 40, there)).toBeUndefined();
    const eof = (at: number) => unknown(at).replace("tlsv1 alert unknown ca", "EOF detected");
    expect(told(eof, 40, 11, away)).toBeUndefined();
  });
});
