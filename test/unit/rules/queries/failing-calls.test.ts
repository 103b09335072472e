import { describe, expect, it } from "vitest";
import { errorStorm as rule } from "../../../../functions/core/rules/queries/error-storm.ts";
import { metricView } from "../../../support/metric-scene.ts";
import { aDigest } from "../../../support/statement-builder.ts";

const insert = "INSERT INTO `orders` VALUES (...)";
const calls = (callsPerSecond: number, errorsPerSecond: number, query = insert) =>
  aDigest({ query, now: { callsPerSecond, errorsPerSecond } });
const at = (rows: ReturnType<typeof calls>[], probes: Parameters<typeof metricView>[0]["probes"] = {}) =>
  rule.evaluate(metricView({ probes: { "mysql-statement-digests": rows, ...probes } }));
const deadlocks = (now: { deadlocks: number; intervalSeconds: number } | null) => ({
  "mysql-last-deadlock": [
    {
      at: "2026-11-21T10:00:00.000Z",
      ageSeconds: 0,
      deadlocksSinceStart: null,
      uptimeSeconds: 90_000,
      now,
      tables: [],
      transactions: [],
      incomplete: false,
    },
  ],
});

describe("error-storm on MySQL and MariaDB", () => {
  it("T speaks at 5 % of what is not a handful, and names what fails most", () => {
    expect(at([calls(1000, 49)])).toEqual([]);
    expect(at([calls(9, 9)])).toEqual([]);
    expect(at([calls(1000, 50)])[0]).toMatchObject({ subject: "shop", severity: "P2" });
    expect(at([calls(1000, 50), calls(10, 0, "SELECT ?")])).toEqual([]);
    expect(at([calls(100, 50)])[0]?.summary).toContain("what fails most is INSERT INTO `orders`");
  });

  it("P27 leaves to deadlocks what they have ended", () => {
    expect(at([calls(100, 50)], deadlocks({ deadlocks: 45, intervalSeconds: 1 }))).toEqual([]);
    expect(at([calls(100, 50)], deadlocks({ deadlocks: 5, intervalSeconds: 1 }))[0]?.severity).toBe("P2");
    expect(at([calls(100, 50)], deadlocks(null))[0]).toMatchObject({ severity: "P3", confidence: 0.4 });
  });

  it("P28 says which errors they are, or that this server does not count them", () => {
    const share = { used: 1, max: 100 };
    const limits = {
      preparedStatements: share,
      openFiles: share,
      openTables: share,
      maxUserConnections: 0,
      maxConnectErrors: 100,
      blockedHosts: null,
      statementOwners: null,
      refusals: [
        { errno: 1062, name: "ER_DUP_ENTRY", count: 900, secondsAgo: 0 },
        { errno: 1146, name: "ER_NO_SUCH_TABLE", count: 2, secondsAgo: 4000 },
      ],
    };
    const told = JSON.stringify(at([calls(100, 50)], { "mysql-limits": [limits] })[0]?.evidence);
    expect(told).toContain("raised of late, warnings among them: 1062 ER_DUP_ENTRY (900 since the start)");
    expect(told).not.toContain("1146");
    expect(JSON.stringify(at([calls(100, 50)])[0]?.evidence)).toContain("could not be seen");
  });

  const nowait = "SELECT `taken` FROM `seats` WHERE `id` = ? FOR UPDATE NOWAIT";
  const asking = (errors: number) =>
    aDigest({
      query: nowait,
      digest: "ask",
      now: { callsPerSecond: 100, errorsPerSecond: errors },
      sinceStart: { errors: 900 },
    });
  const counted = (
    ...refusals: readonly (readonly [errno: number, count: number, secondsAgo: number])[]
  ) => ({
    "mysql-limits": [
      {
        ...{ preparedStatements: { used: 1, max: 100 }, openFiles: { used: 1, max: 100 } },
        ...{ openTables: { used: 1, max: 100 }, maxUserConnections: 0, maxConnectErrors: 100 },
        ...{ blockedHosts: null, statementOwners: null },
        refusals: refusals.map(([errno, count, secondsAgo]) => ({
          errno,
          name: `E${errno}`,
          count,
          secondsAgo,
        })),
      },
    ],
  });

  it("P28 takes the answer to NOWAIT for none, where the server counts that number", () => {
    expect(at([asking(60)], counted([3572, 880, 0], [1030, 880, 0], [1064, 3, 0]))).toEqual([]);
  });

  it("P28 tells other errors beside such answers", () => {
    const [finding] = at([asking(60), calls(100, 50)], counted([3572, 880, 0], [1030, 880, 0]));
    expect(finding).toMatchObject({ severity: "P2" });
    expect(finding?.summary).toContain("50 a second; what fails most is INSERT");
  });

  it.each([
    ["no number is counted", {}, "P3"],
    ["another number is raised, too", counted([3572, 880, 0], [1062, 500, 0]), "P3"],
    ["its own number has not grown of late", counted([3572, 880, 4000], [1146, 500, 0]), "P2"],
  ])("P28 keeps errors of NOWAIT where %s", (_why, probes, severity) => {
    const [finding] = at([asking(60)], probes);
    expect(finding).toMatchObject({ severity });
    expect(JSON.stringify(finding?.evidence).includes("perhaps the answer")).toBe(severity === "P3");
  });
});
