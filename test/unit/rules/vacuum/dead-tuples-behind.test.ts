import { describe, expect, it } from "vitest";
import { deadTuplesBehind as rule } from "../../../../functions/core/rules/vacuum/dead-tuples-behind.ts";
import { anIdleTransaction, aRunning, aSession } from "../../../support/forest-builder.ts";
import { aPlan, aStatement, aTable, lookedDeeper } from "../../../support/statement-builder.ts";

describe("dead-tuples-behind", () => {
  const scanned = { intervalSeconds: 1, seqScansPerSecond: 40, seqRowsPerSecond: 4_000_000 };
  const findingsOf = (table: Parameters<typeof aTable>[0], more = {}) =>
    rule.evaluate(lookedDeeper({ "postgres-tables": [aTable(table)], ...more }));

  it("D4 is P2 when scans read more dead rows than live ones, and proposes VACUUM", () => {
    const [finding] = findingsOf({ deadRows: 300_000, now: scanned });
    expect(finding).toMatchObject({ subject: "public.orders", severity: "P2" });
    expect(finding?.actions[0]?.preview).toBe("VACUUM (ANALYZE, TRUNCATE false) public.orders");
  });

  it("D4 tells what fills the catalogue, and how often temporary tables are made", () => {
    const catalogue = { schema: "pg_catalog", table: "pg_attribute", deadRows: 300_000, now: scanned };
    const query = "CREATE TEMP TABLE lines (id int) ON COMMIT DROP";
    const made = { "postgres-top-statements": [aStatement({ query, now: { callsPerSecond: 120 } })] };
    expect(findingsOf(catalogue, made)[0]?.summary).toContain("temporary tables are made 120 times a second");
    expect(findingsOf(catalogue)[0]?.summary).toContain("temporary tables most of all");
    expect(findingsOf({ ...catalogue, schema: "public" }, made)[0]?.summary).not.toContain("temporary");
  });

  it("D4 explains the statement whose plan reads the table whole", () => {
    const now = { averageSessions: 2.8, callsPerSecond: 63, meanSeconds: 0.2, percentOfTime: 97 };
    const explained = (spends: string) =>
      findingsOf(
        { deadRows: 300_000, now: scanned },
        { "postgres-top-statements": [aStatement({ now })], "postgres-plans": [aPlan({ spends })] },
      )[0]?.explains.filter(({ cause }) => cause === "expensive-statement");
    expect(explained("83 % of its plan's cost: a Seq Scan of orders for 300 rows")).toHaveLength(1);
    expect(explained("83 % of its plan's cost: a Seq Scan of old_orders for 300 rows")).toEqual([]);
  });

  it("D4 explains what has become slower by it, and counts who reads it by an index among those that suffer", () => {
    const now = { averageSessions: 2.8, callsPerSecond: 63, meanSeconds: 0.2, percentOfTime: 97 };
    const looked = (spends: string) =>
      findingsOf(
        { deadRows: 300_000 },
        { "postgres-top-statements": [aStatement({ now })], "postgres-plans": [aPlan({ spends })] },
      )[0];
    const finding = looked("83 % of its plan's cost: a Index Scan of orders for 300 rows");
    expect(finding).toMatchObject({ severity: "P2" });
    expect(finding?.summary).toContain("1 statement that cost much read past them");
    expect(finding?.explains.map(({ cause }) => cause)).toEqual(
      expect.arrayContaining(["expensive-statement", "query-regression"]),
    );
    expect(looked("83 % of its plan's cost: a Index Scan of items for 300 rows")).toMatchObject({
      severity: "P3",
    });
  });

  describe("P8 proposes no VACUUM of what the last one had to leave", () => {
    const holder = {
      ...{ holder: "session", name: "8", sessionKey: aSession(8).sessionKey, xminAge: 900 },
      ...{ catalogOnly: false, seconds: 20, state: "active", user: "shop", application: "notebook" },
      ...{ client: null, database: "shop", query: "SELECT ?" },
    };
    // Without an ANALYZE nobody knows how many have died since.
    const never = { lastAnalyzeSeconds: null, lastAutoanalyzeSeconds: null };
    const held = (seconds: number, lastAutovacuumSeconds: number) =>
      rule.evaluate(
        lookedDeeper(
          {
            "postgres-oldest-xmin": [{ ...holder, seconds }],
            "postgres-tables": [aTable({ deadRows: 300_000, now: scanned, lastAutovacuumSeconds, ...never })],
          },
          { sessions: [{ ...aRunning(8, seconds), application: "notebook" }] },
        ),
      )[0];

    it.each([
      ["came after it", { seconds: 2 }, false],
      ["is of another database", { seconds: 900, database: "analytics" }, false],
      ["is older", { seconds: 900 }, true],
    ])("but where only one who %s might keep them a word, and VACUUM still", (_, more, isNamed) => {
      const rows = [{ ...holder, state: "idle in transaction", name: "9", xminAge: 24_000, ...more }];
      const of = { deadRows: 300_000, liveRows: 20_000, now: scanned, lastAutovacuumSeconds: 40 };
      const table = aTable({ ...of, ...never });
      const view = lookedDeeper({ "postgres-oldest-xmin": rows, "postgres-tables": [table] });
      const [finding] = rule.evaluate({
        ...view,
        evidence: { ...view.evidence, target: { ...view.evidence.target, database: "shop" } },
      });
      expect(finding?.actions.map(({ id }) => id)).toEqual(["vacuum-table"]);
      expect((finding?.summary ?? "").includes("perhaps without them")).toBe(isNamed);
    });

    it("while who keeps them is there, and names him", () => {
      const finding = held(20, 1);
      expect(finding?.actions).toEqual([]);
      expect(finding?.summary).toContain("the vacuum 1 s ago had to leave them, as another one would");
      expect(finding?.summary).toContain("app notebook");
    });

    it("but does where the last one came before him, or he ends in a moment", () => {
      expect(held(20, 900)?.actions.map(({ id }) => id)).toEqual(["vacuum-table"]);
      expect(held(0.5, 0.2)?.actions.map(({ id }) => id)).toEqual(["vacuum-table"]);
    });

    it("though nobody is seen, where more are left than can have died since", () => {
      const fresh = { lastAutovacuumSeconds: 5, lastAutoanalyzeSeconds: 5, changedSinceAnalyze: 200 };
      const [finding] = findingsOf({ deadRows: 300_000, now: scanned, ...fresh });
      expect(finding?.actions).toEqual([]);
      expect(finding?.summary).toContain("who was not seen");
    });
  });

  it("D4 is hygiene when nobody scans it", () => {
    expect(findingsOf({ deadRows: 300_000 })[0]).toMatchObject({ severity: "P3" });
  });

  it("D4 says nothing below the number that brings autovacuum, nor while it may be on its way", () => {
    expect(findingsOf({ deadRows: 20_049, now: scanned })).toEqual([]);
    expect(findingsOf({ deadRows: 40_100, now: scanned })).toEqual([]);
    expect(findingsOf({ deadRows: 40_101, now: scanned })).toHaveLength(1);
  });

  it("D4 says nothing while the table is being vacuumed", () => {
    const vacuum = {
      command: "vacuum",
      pid: 9,
      sessionKey: "k",
      automatic: true,
      wraparound: false,
      database: "shop",
      relation: "public.orders",
      phase: "scanning heap",
      seconds: 20,
      done: 10,
      total: 100,
      unit: "blocks",
      percent: 10,
      waitEvent: null,
      user: null,
      application: null,
    };
    expect(findingsOf({ deadRows: 300_000, now: scanned }, { "postgres-vacuum-progress": [vacuum] })).toEqual(
      [],
    );
  });

  it("P17 is not hushed by a vacuum that waits for a pinned page, and names the open cursor", () => {
    const vacuum = {
      command: "vacuum",
      pid: 9,
      sessionKey: "k",
      automatic: false,
      wraparound: false,
      database: "shop",
      relation: "public.orders",
      phase: "scanning heap",
      seconds: 900,
      done: 0,
      total: 100,
      unit: "blocks",
      percent: 0,
      waitEvent: "BufferPin/BufferPin",
      user: null,
      application: null,
    };
    const rows = {
      "postgres-tables": [aTable({ deadRows: 300_000, now: scanned })],
      "postgres-vacuum-progress": [vacuum],
    };
    const cursor = anIdleTransaction(8, 900, { query: "FETCH 1 FROM c", application: "export" });
    const [finding] = rule.evaluate(lookedDeeper(rows, { sessions: [cursor] }));
    expect(finding?.actions).toEqual([]);
    expect(JSON.stringify(finding?.evidence)).toContain("app export, user shop, pid 8; closing the cursor");
  });

  it("C1 says why autovacuum does not come, where that can be seen", () => {
    const [finding] = findingsOf({ deadRows: 300_000, autovacuumEnabled: false });
    expect(JSON.stringify(finding?.evidence)).toContain("autovacuum is off for this table");
    expect(finding?.actions.map(({ id }) => id)).toEqual(["vacuum-table", "enable-autovacuum"]);
    expect(finding?.actions[1]).toMatchObject({ automatic: false });
    expect(finding?.actions[1]?.preview).toMatch(/ALTER TABLE \S+ RESET \(autovacuum_enabled\)$/);
  });
});
