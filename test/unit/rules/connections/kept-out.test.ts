import { describe, expect, it } from "vitest";
import { postgresOwnLimitsRows } from "../../../../functions/core/probes/postgres/own-limits-rows.ts";
import { authFailures } from "../../../../functions/core/rules/connections/auth-failures.ts";
import { tooManyConnections } from "../../../../functions/core/rules/connections/too-many-connections.ts";
import { aConnection, aProbe, aView, collectedAt } from "../../../support/evidence-builder.ts";
import { curveOf, metricView } from "../../../support/metric-scene.ts";

const stamp = (secondsAgo: number) =>
  new Date(Date.parse(collectedAt) - secondsAgo * 1000).toISOString().slice(0, 19).replace("T", " ");
const says = (words: string) => (at: number) => `${stamp(at)} UTC:10.0.0.7(54):shop@app:[7]:FATAL: ${words}`;
const wrong = says('password authentication failed for user "shop"');

/**
 * Of 100 clients so many are left since `minutes` ago, and a line is written each 40 s since `since` minutes ago, beside
 * others.
 */
function told(left: number, minutes: number, since = minutes, line = wrong, others: readonly string[] = []) {
  const gone = (many: number, few: number) => curveOf((ago) => (ago < minutes ? few : many));
  const [connections, cpu] = [gone(100, left), gone(32, 9)];
  const count = Math.floor((60 * since) / 40);
  const own = Array.from({ length: count }, (_, n) => line(20 + 40 * (count - 1 - n)));
  const lines = [...others, ...own].toSorted();
  const days = (value: number) => ({ baselineDay: value, baselineWeek: value });
  return metricView({
    values: { DatabaseConnections: connections.values, CPUUtilization: cpu.values },
    readings: {
      DatabaseConnections: { ...days(100), earlier: connections.earlier },
      CPUUtilization: { ...days(32), earlier: cpu.earlier },
    },
    context: {
      logs: [{ file: "error.log", kind: "error" as const, lastWrittenAt: null, lines, truncated: false }],
    },
    overrides: { connection: aConnection({ status: "not-tried" }), probes: [] },
  });
}

const severity = (...world: Parameters<typeof told>) => authFailures.evaluate(told(...world))[0]?.severity;

describe("clients that are kept out", () => {
  it.each([8, 14, 40])("D6 are P1 where nearly all left when the refusals began, %s min ago", (minutes) => {
    expect(severity(12, minutes)).toBe("P1");
  });

  it("D6 are P2 where some are left, nobody was seen to leave, and a job was refused before or begins later", () => {
    expect(severity(40, 14)).toBe("P2");
    // A holiday: as few in all hours that were read.
    expect(severity(12, 400, 12)).toBe("P2");
    expect(severity(12, 14, 120)).toBe("P2");
    expect(severity(12, 120, 10)).toBe("P2");
  });

  it("D6 are P1 beside one forgotten account that has been refused for hours", () => {
    const forgotten = says('password authentication failed for user "old_job"');
    const others = Array.from({ length: 24 }, (_, n) => forgotten(30 + 300 * n));
    expect(severity(12, 14, 14, wrong, others)).toBe("P1");
    expect(severity(12, 14, 120, wrong, others)).toBe("P2");
  });

  it("D6 a role that has all it may have and is not refused is P2 beside one that is kept out", () => {
    const { evidence } = told(12, 14, 14, says('too many connections for role "shop"'));
    const roles = [
      { of: "role", name: "shop", used: 0, limit: 0 },
      { of: "role", name: "batch", used: 5, limit: 5 },
    ];
    const probes = [aProbe(postgresOwnLimitsRows.id, roles)];
    const found = tooManyConnections.evaluate(aView({ overrides: { ...evidence, probes } }));
    expect(found.map((one) => [one.subject, one.severity])).toEqual([
      ["role:shop", "P1"],
      ["role:batch", "P2"],
    ]);
  });

  it("D6 are P1 where the role may have no connection any more", () => {
    const line = says('too many connections for role "shop"');
    const severityOf = (...world: Parameters<typeof told>) =>
      tooManyConnections.evaluate(told(...world)).find(({ subject }) => subject === "role:shop")?.severity;
    expect(severityOf(12, 14, 14, line)).toBe("P1");
    expect(severityOf(90, 14, 14, line)).toBe("P2");
  });
});
