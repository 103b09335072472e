import { describe, expect, it } from "vitest";
import type { TableRow } from "../../../../functions/core/probes/postgres/tables/rows.ts";
import { queryRegression as rule } from "../../../../functions/core/rules/configuration/query-regression.ts";
import { aRunning } from "../../../support/forest-builder.ts";
import { someRates } from "../../../support/load-builder.ts";
import { aDigest, aPlan, aStatement, aTable, lookedDeeper } from "../../../support/statement-builder.ts";

describe("query-regression", () => {
  const before = { calls: 10_000, totalSeconds: 20, rows: 10_000 };
  const slow = {
    callsPerSecond: 20,
    meanSeconds: 0.1,
    averageSessions: 2,
    percentOfTime: 80,
    rowsPerSecond: 20,
  };
  const plan = aPlan({
    problems: [{ kind: "sequential-scan", relation: "public.orders", detail: "orders is read whole" }],
  });
  const findingsOf = (now: object, plans = [plan], scene = {}) =>
    rule.evaluate(
      lookedDeeper(
        {
          "postgres-top-statements": [aStatement({ now: { ...slow, ...now }, sinceReset: before })],
          "postgres-plans": plans,
        },
        scene,
      ),
    );

  it("H2 tells a statement at least twice as slow as its own mean, and claims no more", () => {
    const [finding] = findingsOf({}, []);
    expect(finding).toMatchObject({ severity: "P2", confidence: 0.3 });
    expect(finding?.summary).toContain("why cannot be told from one look");
  });

  it("D3 knows why where the table is full of dead rows that scans read, and leaves the alarm to that finding", () => {
    const now = { intervalSeconds: 1, seqScansPerSecond: 40, seqRowsPerSecond: 4_000_000 };
    const beside = (table: TableRow) =>
      rule.evaluate(
        lookedDeeper({
          "postgres-top-statements": [aStatement({ now: slow, sinceReset: before })],
          "postgres-tables": [table],
        }),
      )[0];
    const dead = aTable({ deadRows: 300_000, now });
    expect(beside(dead)).toMatchObject({ severity: "P3", explains: [] });
    expect(beside(dead)?.summary).toContain("it reads public.orders past 300000 dead rows");
    expect(beside(aTable({ deadRows: 300_000, now, table: "items" }))).toMatchObject({ severity: "P2" });
    expect(beside(aTable({ deadRows: 300_000 }))).toMatchObject({ severity: "P2" });
  });

  it("D4 leaves to the rule about plans what a plan shows", () => {
    expect(findingsOf({})).toEqual([]);
  });

  it("H2 needs calls enough before and now, and a call that takes noticeable time", () => {
    expect(findingsOf({ callsPerSecond: 2 }, [])).toEqual([]);
    expect(findingsOf({ meanSeconds: 0.049 }, [])).toEqual([]);
    expect(findingsOf({ meanSeconds: 0.05, averageSessions: 0.1, percentOfTime: 5 }, [])[0]).toMatchObject({
      severity: "P3",
    });
  });

  it("D3 tells no single statement when most are slower: then the database is", () => {
    const rows = ["1", "2", "3", "4"].map((queryId) =>
      aStatement({ queryId, now: slow, sinceReset: before }),
    );
    expect(rule.evaluate(lookedDeeper({ "postgres-top-statements": rows }))).toEqual([]);
  });

  it("D10 is not told of what waits for rows: a look at one moment finds some of it waiting, InnoDB counts all", () => {
    const [query, sent] = [
      "INSERT INTO `offers` VALUES (...) /* , ... */",
      "INSERT INTO offers VALUES (?, ...), ...",
    ];
    const digest = aDigest({
      query,
      now: { callsPerSecond: 26, meanSeconds: 0.15, averageSessions: 4, percentOfTime: 96 },
      sinceStart: { calls: 10_000, totalSeconds: 500 },
    });
    const told = (waiting: number, averageWaiters: number) => {
      const sessions = [1, 2, 3, 4, 5].map((id) =>
        aRunning(id, 0.3, { query: sent, waitEvent: id <= waiting ? "InnoDB lock" : "Update" }),
      );
      const rates = someRates({ rowLocks: { waitingNow: waiting, waitsPerSecond: 45, averageWaiters } });
      const rows = { "mysql-statement-digests": [digest], "mysql-innodb-rates": [rates] };
      return rule.evaluate(lookedDeeper(rows, { engine: "mysql", sessions })).length;
    };
    expect(told(2, 2.3)).toBe(0);
    expect(told(2, 1.9)).toBe(1);
    expect(told(3, 0)).toBe(0);
    expect(told(0, 4)).toBe(1);
  });
});
