import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../../functions/core/context/clean-log.ts";
import { errorStorm as rule } from "../../../../functions/core/rules/queries/error-storm.ts";
import { metricView } from "../../../support/metric-scene.ts";
import { aSetting, databaseRates, sentStatement } from "../../../support/postgres-rates-builder.ts";

const at = (commits: number, rollbacks: number) =>
  rule.evaluate(metricView({ probes: { "postgres-database-rates": [databaseRates(commits, rollbacks)] } }));

const noSuchTable =
  '2026-11-21 09:58:01 UTC:10.0.0.1(1):app@shop:[1]:ERROR:  relation "orders_new" does not exist';

function logged(count: number, lineOf: (index: number) => string) {
  const view = metricView({ probes: { "postgres-database-rates": [databaseRates(10, 90)] } });
  const { context } = view.evidence;
  if (!context) throw new Error("the scene has no context");
  const file = {
    file: "error/postgresql.log",
    kind: "error" as const,
    lastWrittenAt: null,
    truncated: false,
  };
  const logs = [{ ...file, lines: Array.from({ length: count }, (_, index) => lineOf(index)) }];
  return rule.evaluate({ ...view, evidence: { ...view.evidence, context: { ...context, logs } } })[0];
}

describe("error-storm", () => {
  it("T speaks at 5 % of what is not a handful", () => {
    expect(at(95.1, 4.9)).toEqual([]);
    expect(at(95, 5)).toHaveLength(1);
    expect(at(20, 20)).toEqual([]);
  });

  it("D3 leaves what replay cancelled on a standby to be told as such", () => {
    const onStandby = (conflicts: number) => {
      const rows = [{ ...databaseRates(60, 40), conflicts }];
      return rule.evaluate(metricView({ probes: { "postgres-database-rates": rows } }));
    };
    expect(onStandby(30)).toHaveLength(1);
    expect(onStandby(30)[0]?.summary).toContain("10 a second");
    expect(onStandby(38)).toEqual([]);
    expect(onStandby(80)).toEqual([]);
  });

  it("P19 wakes nobody for rollbacks that the log does not call errors: some applications end every read so", () => {
    expect(at(10, 90)[0]).toMatchObject({ severity: "P3", actions: [], explains: [] });
    expect(at(10, 90)[0]?.summary).toContain("whether by errors or on purpose could not be seen");
  });

  it("P19 wakes somebody when the log is full of errors, and says which", () => {
    const withLog = (count: number) => logged(count, () => noSuchTable);
    expect(withLog(9)?.severity).toBe("P3");
    expect(withLog(10)).toMatchObject({ severity: "P2", confidence: 0.8 });
    expect(JSON.stringify(withLog(10)?.evidence)).toContain("does not exist (10)");
  });

  const fatal = 'FATAL:  no pg_hba.conf entry for host "45.3.2.1", user "a", database "shop", no encryption';
  const spread = (index: number) => `2026-11-21 09:${45 + index}:01 UTC:10.0.0.1(1):app@shop:[1]:ERROR:  no`;
  it.each([
    ["sign-ins that are refused", () => noSuchTable.replace(/ERROR:.*/, fatal)],
    ["errors of another database", () => noSuchTable.replace("@shop:", "@warehouse:")],
    ["errors of no session of it", () => noSuchTable.replace("10.0.0.1(1):app@shop", ":@")],
    ["one error a minute beside 90 rollbacks a second", spread],
    ["errors that ended long ago", () => noSuchTable.replace("09:58", "09:47")],
  ])("D4 takes %s for no reason of its rollbacks", (_what, lineOf) => {
    expect(logged(14, lineOf)?.severity).toBe("P3");
  });

  describe("P19 of a log that is cut", () => {
    const clock = (second: number) =>
      new Date(Date.parse("2026-11-21T09:59:30Z") + second * 1000)
        .toISOString()
        .slice(0, 19)
        .replace("T", " ");
    const said = (second: number, text: string) => `${clock(second)} UTC:10.0.0.1(1):app@shop:[7]:${text}`;
    const error = 'ERROR:  duplicate key value violates unique constraint "orders_pkey"';
    const severityOf = (text: readonly string[], { rollbacks = 610, truncated = true } = {}) => {
      const portion = {
        file: "error/postgresql.log",
        kind: "error",
        lastWrittenAt: null,
        truncated,
      } as const;
      const options = {
        dialect: "postgres",
        queryText: "normalised",
        maxLines: 40,
        maxLineLength: 500,
      } as const;
      const view = metricView({
        probes: { "postgres-database-rates": [databaseRates(10, rollbacks)] },
        context: { logs: [cleanLog({ ...portion, text: text.join("\n") }, options)] },
      });
      return rule.evaluate(view)[0]?.severity;
    };
    const storm = (errorsPerSecond: number, of: readonly string[] = [error]) =>
      Array.from({ length: 200 }, (_, at) =>
        said(Math.floor((at - 200) / of.length / errorsPerSecond), of[at % of.length] ?? ""),
      );
    const withDetails = [
      error,
      "DETAIL:  Key (id)=(1) already exists.",
      "STATEMENT:  INSERT INTO t VALUES (1)",
    ];

    it.each([60, 600, 6000])("counts a storm the more the worse it is: %i errors a second", (perSecond) => {
      expect(severityOf(storm(perSecond))).toBe("P2");
      expect(severityOf(storm(perSecond, withDetails))).toBe("P2");
      expect(severityOf(storm(perSecond, withDetails), { rollbacks: 9000 })).toBe("P2");
    });

    it("takes a few errors for no reason of many rollbacks: slow ones, a moment's, some among statements, older ones", () => {
      expect(severityOf(storm(5, withDetails))).toBe("P3");
      expect(severityOf(storm(600).slice(-12), { truncated: false })).toBe("P3");
      const statement = "LOG:  duration: 9.0 ms  statement: SELECT 1";
      expect(severityOf(storm(600).map((line, at) => (at % 10 === 0 ? line : said(-1, statement))))).toBe(
        "P3",
      );
      const before = storm(600).map((line) => line.replace("09:59:2", "09:57:2"));
      expect(severityOf(before)).toBe("P3");
    });
  });

  it("P19 tells without the log that nobody asked for the rollbacks, unless ROLLBACK may be what it counts", () => {
    const asked = (rollbackCalls: number, trackUtility = "on") =>
      rule.evaluate(
        metricView({
          probes: {
            "postgres-database-rates": [databaseRates(10, 90)],
            "postgres-top-statements": [sentStatement("ROLLBACK", rollbackCalls)],
            "postgres-settings": [aSetting("pg_stat_statements.track_utility", trackUtility)],
          },
        }),
      )[0];
    expect(asked(20)).toMatchObject({ severity: "P2", confidence: 0.7 });
    expect(asked(20)?.summary).toContain("and not on purpose");
    expect(asked(30)?.severity).toBe("P3");
    expect(asked(0, "off")?.severity).toBe("P3");
  });

  it("P19 tells COMMITs that did not commit, though each client sends ROLLBACK after them", () => {
    const ended = (commits: number, rollbacks: number) =>
      rule.evaluate(
        metricView({
          probes: {
            "postgres-database-rates": [databaseRates(commits, rollbacks)],
            "postgres-top-statements": [sentStatement("COMMIT", 50), sentStatement("ROLLBACK", 50)],
            "postgres-settings": [aSetting("pg_stat_statements.track_utility", "on")],
          },
        }),
      )[0];
    expect(ended(50, 50)?.severity).toBe("P3");
    expect(ended(36, 64)?.severity).toBe("P3");
    expect(ended(34, 66)?.severity).toBe("P2");
    expect(JSON.stringify(ended(34, 66)?.evidence)).toContain("serialization failures");
  });

  it("P19 takes the least of the most frequent statements for what ROLLBACK may be, when it is not among them", () => {
    const frequent = (calls: number) => [1, 2, 3, 4, 5].map((id) => sentStatement(`SELECT ${id}`, calls));
    const beside = (calls: number) =>
      rule.evaluate(
        metricView({
          probes: {
            "postgres-database-rates": [databaseRates(10, 90)],
            "postgres-top-statements": frequent(calls),
            "postgres-settings": [aSetting("pg_stat_statements.track_utility", "on")],
          },
        }),
      )[0]?.severity;
    expect([beside(20), beside(300)]).toEqual(["P2", "P3"]);
  });

  describe("P7 tells what is written and rolled back", () => {
    const undone = (overrides = {}) => ({
      ...{ database: "shop", schema: "public", table: "orders", intervalSeconds: 1 },
      ...{ changesPerSecond: 40, insertsPerSecond: 40, undonePerSecond: 40, undoneInsertsPerSecond: 40 },
      ...overrides,
    });
    const severity = (rows: readonly ReturnType<typeof undone>[], rate = {}) =>
      rule.evaluate(
        metricView({
          probes: {
            "postgres-database-rates": [{ ...databaseRates(60, 40), ...rate }],
            "postgres-undone-changes": [...rows],
          },
        }),
      )[0];

    it("wakes somebody when nothing of a table stays, though reads go on", () => {
      expect(severity([undone()])).toMatchObject({ severity: "P2", confidence: 0.6 });
      expect(severity([undone()])?.summary).toContain("and with them what is written to public.orders");
      expect(severity([undone({ undonePerSecond: null })])?.severity).toBe("P3");
      expect(severity([undone({ database: "other" })])?.severity).toBe("P3");
    });

    it("wakes nobody for a few, for one large transaction, and for what deadlocks end", () => {
      expect(severity([undone({ undonePerSecond: 19, changesPerSecond: 19 })])?.severity).toBe("P3");
      expect(severity([undone()], { commitsPerSecond: 90, rollbacksPerSecond: 10 })?.severity).toBe("P3");
      expect(severity([undone()], { deadlocks: 25 })?.severity).toBe("P3");
      expect(severity([undone()], { deadlocks: 38 })).toBeUndefined();
    });

    it("wakes nobody for retries beside what stays, and somebody when all INSERTs beside working UPDATEs fail", () => {
      const kept = undone({ table: "lines", changesPerSecond: 50, undonePerSecond: 0 });
      expect(severity([undone({ changesPerSecond: 42, insertsPerSecond: 42 }), kept])?.severity).toBe("P3");
      expect(severity([undone({ changesPerSecond: 90 }), kept])?.severity).toBe("P2");
    });
  });

  it("P19 names what fails: a statement that ended and was not counted", () => {
    const row = { user: "shop", database: "shop", query: "INSERT INTO t VALUES ($1)", sessions: 4 };
    const failing = { ...row, failedAt: "execution" };
    const found = (database: string) =>
      rule.evaluate(
        metricView({
          probes: {
            "postgres-database-rates": [databaseRates(10, 90)],
            "postgres-failing-statements": [{ ...failing, database }],
          },
        }),
      )[0];
    expect(found("shop")?.summary).toContain("what fails is INSERT INTO t VALUES ($1)");
    expect(found("other")?.severity).toBe("P3");
  });

  it("P7 names whose statement fails: of one user there may be many applications", () => {
    const failing = { user: "shop", database: "shop", query: "SELECT 1", sessions: 4, failedAt: "execution" };
    const says = (applications: string[]) => {
      const rows = [{ ...failing, applications }];
      const probes = {
        "postgres-database-rates": [databaseRates(10, 90)],
        "postgres-failing-statements": rows,
      };
      return JSON.stringify(rule.evaluate(metricView({ probes }))[0]?.evidence);
    };
    expect(says(["returns-api"])).toContain("failed: SELECT 1 (app returns-api, user shop) ended without");
    expect(says(["a", "b"])).toContain("(app a and b, user shop)");
    expect(says([])).toContain("failed: SELECT 1 (user shop) ended without");
  });

  it("P19 names what fails: a statement that left transactions aborted, though each was rolled back at once", () => {
    const found = (...sessions: number[]) => {
      const failing = { user: "shop", database: "shop", failedAt: "transaction" };
      const rows = sessions.map((count, index) => ({
        ...{ ...failing, query: `SELECT ${index} FROM price`, sessions: count },
      }));
      const probes = {
        "postgres-database-rates": [databaseRates(10, 90)],
        "postgres-failing-statements": rows,
      };
      return rule.evaluate(metricView({ probes }))[0];
    };
    expect(found(3)).toMatchObject({ severity: "P2", confidence: 0.7 });
    expect(found(3)?.summary).toContain("not on purpose; what fails is SELECT 0 FROM price");
    expect(found(3)?.evidence).toContainEqual(
      expect.objectContaining({ says: expect.stringContaining("aborted, seen in 3 transactions") }),
    );
    expect(found(1, 1)?.severity).toBe("P2");
    // One may be somebody's slip in psql.
    expect(found(1)?.severity).toBe("P3");
  });

  it("P19 names no statement as failing that may have been sent behind the error", () => {
    const row = { user: "shop", database: "shop", query: "SELECT 1", sessions: 3, failedAt: "aborted" };
    const probes = {
      "postgres-database-rates": [databaseRates(10, 90)],
      "postgres-failing-statements": [row],
    };
    const [found] = rule.evaluate(metricView({ probes }));
    expect(found).toMatchObject({ severity: "P2" });
    expect(found?.summary).toMatch(/not on purpose$/);
    expect(JSON.stringify(found?.evidence)).toContain(
      "SELECT 1 (user shop), or what was sent before it, left",
    );
  });
});
