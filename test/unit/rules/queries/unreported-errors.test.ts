import { describe, expect, it } from "vitest";
import { errorStorm } from "../../../../functions/core/rules/queries/error-storm.ts";
import { metricView } from "../../../support/metric-scene.ts";
import { aSetting, databaseRates, sentStatement } from "../../../support/postgres-rates-builder.ts";

type Sent = readonly (readonly [string, number])[];

interface Look {
  /** Transactions a second that the server reports. */
  readonly commits?: number;
  readonly rollbacks?: number;
  readonly deadlocks?: number;
  readonly failing?: number;
  readonly failedAt?: "transaction" | "aborted" | "execution";
  readonly trackUtility?: string;
  readonly version?: string;
}

function seen(sent: Sent, look: Look = {}) {
  const { commits = 100, rollbacks = 0, deadlocks = 0, failing = 5, failedAt = "transaction" } = look;
  const fails = { user: "shop", database: "shop", query: "SELECT * FROM plans", applications: ["api"] };
  return errorStorm.evaluate(
    metricView({
      server: { version: look.version ?? "18.4" },
      probes: {
        "postgres-database-rates": [{ ...databaseRates(commits, rollbacks), deadlocks }],
        "postgres-top-statements": sent.map(([query, calls]) => sentStatement(query, calls)),
        "postgres-failing-statements": failing === 0 ? [] : [{ ...fails, sessions: failing, failedAt }],
        "postgres-settings": [aSetting("pg_stat_statements.track_utility", look.trackUtility ?? "on")],
      },
    }),
  );
}

const storm: Sent = [
  ["BEGIN", 80],
  ["ROLLBACK", 80],
  ["SELECT title", 100],
];

describe("transactions that fail before they come upon a table, of which the server reports none", () => {
  it("P19 are told by what was caught, and bounded by the ROLLBACKs that nothing is reported for", () => {
    const [finding, ...more] = seen(storm);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ severity: "P2", confidence: 0.6, actions: [] });
    expect(finding?.summary).toContain("5 were caught at it within half a second");
    expect(finding?.summary).toContain("up to 80 a second are rolled back so");
    expect(finding?.evidence[0]?.says).toContain("app api");
  });

  it.each<[string, Sent, Look]>([
    ["pools that ask before each use and roll back", [...storm, ["SELECT $1", 79]], {}],
    ["a SET that was carried out in each", [...storm, ["SET LOCAL x = $1", 79]], {}],
    ["pools that roll back unasked", storm.slice(1), {}],
    [
      "savepoints",
      [
        ["BEGIN", 80],
        ["ROLLBACK TO SAVEPOINT a", 80],
      ],
      {},
    ],
    ["what nobody saw fail", storm, { failing: 0 }],
    ["a slip", storm, { failing: 2 }],
    ["an error outside of transactions", storm, { failing: 9, failedAt: "execution" }],
    ["a server that does not count them", storm, { trackUtility: "off" }],
    ["14, which reports every one", storm, { version: "14.23" }],
    ["what deadlocks ended, which was reported", storm, { rollbacks: 80, deadlocks: 80 }],
  ])("P19 are not taken from %s", (_what, sent, look) => {
    expect(seen(sent, look)).toEqual([]);
  });

  describe("of a busy database", () => {
    const at = (failing: number, { rollbacks = 0, ...look }: Look = {}, ...more: Sent) => {
      const commits = 1000;
      const ended: Sent = [
        ["BEGIN", commits + rollbacks + failing],
        ["COMMIT", commits],
        ["ROLLBACK", rollbacks + failing],
      ];
      const found = seen([...ended, ...more], { commits, rollbacks, ...look });
      return found.map(
        ({ summary, evidence }) => `${summary}\n${evidence.map(({ says }) => says).join("\n")}`,
      )[0];
    };

    it("P19 are told however short each of them was there to be caught", () => {
      const told = at(2500, { failing: 100 });
      expect(told).toMatch(
        /100 were caught at it within half a second.*; up to 2500 a second are rolled back so/,
      );
      expect(told).toContain("for up to 2500 more ROLLBACKs a second no statement was carried out");
    });

    it("P19 are at least those that were caught, where statements excuse the others", () => {
      const told = at(300, { failing: 80 }, ["SELECT $1", 1300]);
      expect(told).toContain("; at least 160 a second are rolled back so, beside 1000 commits");
      expect(told).toContain("for at least 160 more ROLLBACKs a second no statement was carried out");
      // What the server reports may be what was caught.
      expect(at(300, { failing: 80, rollbacks: 40 }, ["SELECT $1", 1300])).toContain("at least 120 a second");
    });

    it("P19 are no more than the ROLLBACKs that were asked for: what stays aborted asks for none", () => {
      expect(at(0, { failing: 100, failedAt: "aborted" })).toBeUndefined();
      expect(at(10, { failing: 100, failedAt: "aborted" })).toBeUndefined();
      expect(at(100, { failing: 100, failedAt: "aborted" }, ["SELECT $1", 1300])).toContain(
        "at least 100 a second",
      );
    });

    it.each<[string, number, Look]>([
      ["a few were caught, of which each was there for a moment", 300, { failing: 14 }],
      ["as many are reported as were caught", 300, { failing: 22, rollbacks: 45 }],
      ["all of them are a small part", 40, { failing: 20 }],
    ])("P19 are not told where %s", (_, failing, look) => {
      expect(at(failing, look)).toBeUndefined();
    });
  });
});
