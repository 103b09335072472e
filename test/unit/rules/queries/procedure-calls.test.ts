import { describe, expect, it } from "vitest";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { expensiveStatement as rule } from "../../../../functions/core/rules/queries/expensive-statement.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aMetric, anAlarm } from "../../../support/evidence-builder.ts";
import { aSession } from "../../../support/forest-builder.ts";
import { aDigest, lookedDeeper } from "../../../support/statement-builder.ts";

const call = "CALL `warehouse` . `find_parcel` (?)";
const inner = "SELECT id FROM warehouse.parcels WHERE tracking_code = p_code";
const uncounted = { calls: 168, totalSeconds: 129, meanSeconds: 0.77, rowsExamined: 0, rowsSent: 0 };
const now = { averageSessions: 6.8, callsPerSecond: 9, meanSeconds: 0.77, percentOfTime: 89 };

function profile(kind: string, name: string) {
  const wait = { kind, name, observations: 69, averageSessions: 6.9, percent: 100, meanSeconds: 0.3 };
  const told = { toldBy: "thread-states", notSeen: null, howToSee: null, threadsRunning: 7 };
  return { samples: 10, windowSeconds: 2, ...told, waits: [wait] };
}

function transaction(sessionId: number, query: string | null) {
  return {
    ...{ transactionId: String(sessionId), sessionId, user: "shop", client: null, database: "warehouse" },
    ...{ state: "active", ageSeconds: 1, idleSeconds: null, isolationLevel: "REPEATABLE READ" },
    ...{ keepsView: true, rowsModified: 0, rowsLocked: 0, query },
  };
}

function looked(
  wait = profile("work", "executing"),
  transactions = [transaction(1, inner), transaction(2, inner), transaction(3, "SELECT 1 FROM other")],
  engine: "mysql" | "mariadb" = "mysql",
) {
  const values = Array.from({ length: 15 }, () => 97);
  const overrides = { signal: anAlarm("CPUUtilization"), metrics: [aMetric("CPUUtilization", values)] };
  const rows = {
    "mysql-statement-digests": [aDigest({ query: call, now, sinceStart: uncounted })],
    "mysql-wait-profile": [wait],
    "mysql-oldest-transaction": transactions,
  };
  const view = lookedDeeper(rows, { engine, overrides });
  const sessions = [1, 2].map((id) =>
    aSession(id, { state: "active", query: "CALL warehouse.find_parcel(?)", waitEvent: "executing" }),
  );
  return { ...view, sessions: [...sessions, aSession(3, { state: "active", query: "SELECT 1 FROM other" })] };
}

const says = (view: ReturnType<typeof looked>) =>
  rule.evaluate(view)[0]?.evidence.map((one) => one.says) ?? null;

describe("a procedure that takes most of the time", () => {
  it.each(["mysql", "mariadb"] as const)(
    "D4 is told with what runs inside it on %s, and as not counted",
    (engine) => {
      const view = looked(undefined, undefined, engine);
      expect(rule.evaluate(view)[0]).toMatchObject({ severity: "P2", actions: [] });
      expect(rule.evaluate(view)[0]?.summary).toContain("what it looks at inside is not counted");
      expect(says(view)).toContain(`2 sessions in such a call run ${inner}`);
      expect(says(view)?.join("\n")).not.toContain("other");
    },
  );

  it("D4 is the root of a CPU that is short, and no larger class is proposed for it", () => {
    const { findings, rootCauses } = diagnose(looked().evidence, defaultSettings);
    expect(rootCauses[0]).toMatch(/^expensive-statement:/);
    expect(findings.flatMap(({ actions }) => actions.map(({ id }) => id))).not.toContain(
      "scale-instance-class",
    );
  });

  it("D6 says so where nothing was seen to run inside", () => {
    expect(says(looked(undefined, []))?.join("\n")).toContain("what runs inside was not seen");
  });

  it.each([
    ["other", "User sleep"],
    ["lock", "Waiting for table metadata lock"],
  ])("D3 is nothing to tell while its sessions wait: %s (%s)", (kind, name) => {
    expect(rule.evaluate(looked(profile(kind, name)))).toEqual([]);
  });
});

describe("a procedure whose inner statement reads a table whole", () => {
  const suggestion = {
    ...{ schema: "warehouse", table: "parcels", columns: ["tracking_code"] },
    createIndex: "ALTER TABLE `warehouse`.`parcels` ADD INDEX `parcels_tracking_code` (`tracking_code`)",
    why: "about 90000 rows are read each time",
  };
  const inside = {
    ...{ digest: aDigest({}).digest as string | null, schema: aDigest({}).schema, kind: "procedure" },
    ...{ routine: "warehouse.find_parcel" as string | null, sessions: 6, percentOfCall: 97 as number | null },
  };
  const plan = {
    ...{
      digest: "x/inside",
      schema: "warehouse",
      query: inner,
      calls: 20,
      totalSeconds: 12,
      meanSeconds: 0.6,
    },
    ...{ rowsExamined: 90_000, rowsUsed: 1, status: "explained", reason: null, howToSee: null, cost: 9000 },
    ...{ problems: [], suggestions: [suggestion] },
  };

  function planned(
    overrides: Partial<typeof inside> = {},
    more: ReturnType<typeof aDigest>[] = [],
    wait?: ReturnType<typeof profile>,
  ) {
    const engine = overrides.digest === null ? "mariadb" : "mysql";
    const rows = {
      [`${engine}-plans`]: [{ ...plan, inside: { ...inside, ...overrides } }],
      "mysql-statement-digests": [aDigest({ query: call, now, sinceStart: uncounted }), ...more],
      "mysql-wait-profile": [wait ?? profile("work", "executing")],
    };
    const values = Array.from({ length: 15 }, () => 97);
    const overridden = { signal: anAlarm("CPUUtilization"), metrics: [aMetric("CPUUtilization", values)] };
    return diagnose(lookedDeeper(rows, { engine, overrides: overridden }).evidence, defaultSettings);
  }

  it.each([{}, { digest: null, percentOfCall: null, routine: null }])(
    "D4 wants that index, and the call is what bears it: %j",
    (overrides) => {
      const { findings, rootCauses } = planned(overrides);
      expect(rootCauses).toEqual(["missing-index:warehouse.parcels (tracking_code)"]);
      const [root] = findings;
      expect(root).toMatchObject({ actions: [{ id: "create-index" }] });
      expect(root?.evidence.map(({ says }) => says).join("\n")).toContain(inner);
      expect(findings.map(({ id }) => id)).not.toContain("expensive-statement");
    },
  );

  it.each([
    ["most of the call's time goes elsewhere", planned({ percentOfCall: 30 })],
    ["another statement was the call", planned({ digest: "other" })],
    [
      "it may be one of two calls",
      planned({ digest: null }, [
        aDigest({ digest: "ee", query: "CALL `b` ()", now, sinceStart: uncounted }),
      ]),
    ],
    ["sessions in calls wait", planned({ digest: null }, [], profile("other", "User sleep"))],
  ])("D11 wants no index where %s", (_why, { findings }) => {
    expect(findings.map(({ id }) => id)).not.toContain("missing-index");
  });
});
