import { describe, expect, it } from "vitest";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { costliest } from "../../../../functions/core/facts/statement-cost.ts";
import { expensiveStatement as rule } from "../../../../functions/core/rules/queries/expensive-statement.ts";
import { spillingQuery } from "../../../../functions/core/rules/queries/spilling-query.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aMetric, anAlarm } from "../../../support/evidence-builder.ts";
import { aSession } from "../../../support/forest-builder.ts";
import { aDigest, aPlan, aStatement, aTable, lookedDeeper } from "../../../support/statement-builder.ts";

const dear = { averageSessions: 1.6, callsPerSecond: 2, meanSeconds: 0.8, percentOfTime: 97 } as const;
const query = "SELECT count(*) FROM a JOIN b ON a.mail = b.mail WHERE a.x = $1 OR b.y = $2";
const scan = {
  spends:
    "98 % of its plan's cost: a Nested Loop of 4000 rows with 4000 each, testing ((a.x = $1) OR (b.y = $2))",
};
const looked = (statement: Parameters<typeof aStatement>[0] = {}, scene = {}, plan = {}) =>
  lookedDeeper(
    {
      "postgres-top-statements": [aStatement({ query, now: dear, ...statement })],
      "postgres-plans": [aPlan({ query, ...scan, ...plan })],
    },
    scene,
  );
const mysqlLooked = (digest: Parameters<typeof aDigest>[0]) =>
  lookedDeeper({ "mysql-statement-digests": [aDigest({ now: dear, ...digest })] }, { engine: "mysql" });

describe("expensive-statement", () => {
  it("D4 says what costs most, in which resource, since when, how it is planned and what would change that", () => {
    const [finding, ...more] = rule.evaluate(looked());
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ severity: "P2", actions: [] });
    expect(finding?.summary).toContain("97 % of all statement time), in CPU");
    const says = finding?.evidence.map((one) => one.says).join("\n");
    expect(says).toContain("10000 calls of 2 ms on average since statistics began");
    expect(says).toContain("a Nested Loop of 4000 rows with 4000 each");
    expect(says).toContain("one SELECT for each side, put together by UNION");
  });

  it("D4 says what would change it even where no rewrite is known, and what could not be seen", () => {
    const other = "SELECT sum(length(note)) FROM t WHERE id > $1";
    const view = looked({ query: other, queryId: "7" });
    const says = rule
      .evaluate(view)[0]
      ?.evidence.map((one) => one.says)
      .join("\n");
    expect(says).toContain("how it is planned could not be seen");
    expect(says).toContain("what would change it");
  });

  it("D4 an index that exists and that types keep from use is not missing", () => {
    const text = "SELECT `id` FROM `orders` WHERE `reference` = ?";
    const scans = { calls: 100, rowsExamined: 9_000_000, rowsSent: 100, noIndexUsed: 100 };
    const digest = aDigest({ query: text, now: { ...dear, meanSeconds: 0.3 }, sinceStart: scans });
    const unused = {
      ...{ schema: "shop", table: "orders", index: "by_reference", columns: ["`reference`"], definition: "" },
      ...{ visible: true, cardinality: 9, tableReads: 9, tableWrites: 9, uptimeSeconds: 9, caveat: "" },
    };
    const found = (columns: string[]) =>
      diagnose(
        lookedDeeper(
          {
            "mysql-statement-digests": [digest],
            "mysql-indexes-unused": [{ ...unused, columns }],
          },
          { engine: "mariadb" },
        ).evidence,
        defaultSettings,
      ).findings.filter(({ id }) => id === "expensive-statement" || id === "missing-index");
    expect(found(["`reference`"])).toMatchObject([{ id: "expensive-statement", severity: "P2" }]);
    expect(JSON.stringify(found(["`reference`"]))).toContain("by_reference begins with reference");
    expect(found(["`other`"])).toMatchObject([{ id: "missing-index" }]);
  });

  it("D4 a column that is cast to its day is searched by a range, and not by another type of the value", () => {
    const spends =
      "100 % of its plan's cost: a Seq Scan of purchases for 603 rows, testing ((purchases.placed_at)::date = (CURRENT_DATE - $1))";
    const day = "SELECT count(*) FROM purchases WHERE placed_at::date = current_date - $1::int";
    const says = rule
      .evaluate(looked({ query: day }, {}, { query: day, spends }))[0]
      ?.evidence.map((one) => one.says)
      .join("\n");
    expect(says).toContain("placed_at >= the day AND placed_at < the next one");
    expect(says).not.toContain("text in quotes");
  });

  it("D4 a quick call is dear that reads ten thousand rows for each that it gives, of which a session is always busy", () => {
    const text = "SELECT `id` FROM `orders` WHERE `reference` = ?";
    const found = (rowsExamined: number, averageSessions = 3.9) =>
      costliest(
        mysqlLooked({
          query: text,
          now: { ...dear, averageSessions, callsPerSecond: 227, meanSeconds: 0.017 },
          sinceStart: { calls: 300, rowsExamined, rowsSent: 299, noIndexUsed: 300 },
        }),
      );
    expect(found(300 * 92_000)).toHaveLength(1);
    expect(found(300 * 2000)).toEqual([]);
    expect(found(300 * 92_000, 0.6)).toEqual([]);
    const ofPages = (blocksHit: number) =>
      costliest(
        looked({
          now: { ...dear, averageSessions: 2.7, callsPerSecond: 79, meanSeconds: 0.034 },
          sinceReset: { calls: 300, rows: 600, blocksHit },
        }),
      );
    expect(ofPages(600 * 900)).toHaveLength(1);
    expect(ofPages(600 * 200)).toEqual([]);
  });

  it("D4 a share of nothing is nothing, and a quick call is not dear", () => {
    expect(rule.evaluate(looked({ now: { ...dear, averageSessions: 0.1 } }))).toEqual([]);
    expect(rule.evaluate(looked({ now: { ...dear, meanSeconds: 0.002 } }))).toEqual([]);
    expect(rule.evaluate(looked({ now: { ...dear, percentOfTime: 20 } }))).toEqual([]);
  });

  it("D4 one that keeps two sessions for each CPU busy hurts however quick its calls, and else nobody is told that all is well", () => {
    const found = (averageSessions: number, percentOfTime = 97) =>
      rule.evaluate(looked({ now: { ...dear, averageSessions, percentOfTime, meanSeconds: 0.2 } }))[0];
    expect(found(5)).toMatchObject({ severity: "P2" });
    expect(found(5, 45)).toMatchObject({ severity: "P3" });
    expect(found(3)).toMatchObject({ severity: "P3" });
    expect(found(3)?.summary).toContain("whether anybody suffers from it could not be seen");
    expect(found(1)?.summary).toContain("nothing suffers from it now");
  });

  it("D4 quick calls count while the CPU is short, and explain it", () => {
    const overrides = {
      signal: anAlarm("CPUUtilization"),
      metrics: [
        aMetric(
          "CPUUtilization",
          Array.from({ length: 15 }, () => 97),
        ),
      ],
    };
    const view = looked({ now: { ...dear, meanSeconds: 0.01, callsPerSecond: 160 } }, { overrides });
    const { rootCauses, findings } = diagnose(view.evidence, defaultSettings);
    expect(rootCauses[0]).toBe("expensive-statement:shop/1001");
    expect(findings.find(({ id }) => id === "cpu-saturated")?.explainedBy).toEqual(rootCauses.slice(0, 1));
  });

  it("D4 a call that began long before the first reading is not many sessions, and one report is no load", () => {
    const long = { averageSessions: 20, callsPerSecond: 1, meanSeconds: 20, percentOfTime: 99 };
    expect(rule.evaluate(looked({ now: long, sinceReset: { calls: 1 } }))).toEqual([]);
    expect(rule.evaluate(looked({ now: { ...long, averageSessions: 4 } }))).toEqual([]);
  });

  it("D4 calls that never end between two readings are seen by who runs them", () => {
    const idle = { averageSessions: 0, callsPerSecond: 0, meanSeconds: null, percentOfTime: 0 };
    const running = (count: number) =>
      Array.from({ length: count }, (_, at) => aSession(at + 1, { query, state: "active" }));
    const seen = (count: number) =>
      looked({ now: idle, sinceReset: { meanSeconds: 2, calls: 40 } }, { sessions: running(count) });
    expect(rule.evaluate(seen(4))[0]).toMatchObject({ severity: "P2" });
    expect(rule.evaluate(seen(4))[0]?.summary).toContain("100 % of the sessions at work run it, 2 s each");
    expect(rule.evaluate(seen(1))).toEqual([]);
  });

  it("D4 leaves a statement to the rule that says more of it", () => {
    const spilling = { ...dear, tempBytesPerSecond: 50 * 1024 * 1024 };
    expect(rule.evaluate(looked({ now: spilling }))).toEqual([]);
    expect(rule.evaluate(mysqlLooked({ now: { ...dear, sortMergePassesPerSecond: 8 } }))).toEqual([]);
  });

  it("D4 tells a list that is walked for each row as the cause, and its temporary files as the effect", () => {
    const mb = 1024 * 1024;
    const now = { ...dear, tempBytesPerSecond: 3 * mb, tempReadBytesPerSecond: 900 * mb };
    const spends =
      "99 % of its plan's cost: a Seq Scan of a that runs a subquery again for each of its rows, testing (NOT (SubPlan 1))";
    const view = looked({ now }, {}, { spends });
    const [finding] = rule.evaluate(view);
    expect(finding).toMatchObject({ severity: "P2" });
    expect(finding?.summary).toContain("temporary files (3 MiB/s written, 900 MiB/s read)");
    expect(JSON.stringify(finding?.evidence)).toContain("hashed once where it fits into work_mem");
    const [spill] = spillingQuery.evaluate(view);
    expect(spill).toMatchObject({ severity: "P3", explains: [], actions: [] });
    expect(spill?.summary).toContain("an effect of a subquery");
  });

  it("D4 leads to the policy whose function each row is tested by", () => {
    const reason = "row security of docs calls may_read for each row (policy own_teams); not planned";
    const refused = { status: "not-explained", reason, spends: null } as const;
    const says = JSON.stringify(rule.evaluate(looked({}, {}, refused))[0]?.evidence);
    expect(says).toContain(`how it is planned could not be seen: ${reason}`);
    expect(says).toContain("a policy that compares the row's column");
  });

  it("D4 says of MySQL, too, why a statement was not planned, and looks behind a view", () => {
    const reason = "parcel_latest is a view, which could call functions of the application";
    const plan = {
      ...{ digest: "d1", schema: "shop", query, calls: 60, totalSeconds: 80, meanSeconds: 1.3 },
      ...{ rowsExamined: 1, rowsUsed: 1, status: "not-explained", reason, howToSee: null, cost: null },
      ...{ problems: [], suggestions: [] },
    };
    const digests = [aDigest({ now: dear })];
    const view = lookedDeeper(
      { "mysql-statement-digests": digests, "mysql-plans": [plan] },
      { engine: "mysql" },
    );
    const says = JSON.stringify(rule.evaluate(view)[0]?.evidence);
    expect(says).toContain(`how it is planned could not be seen: ${reason}`);
    expect(says).toContain(
      "what would change it: the view's tables read with the statement's conditions inside",
    );
  });

  it("D4 waiting, sleeping and writing to the log are no work", () => {
    const of = (text: string) => rule.evaluate(looked({ query: text }));
    expect(of("SELECT pg_sleep($1)")).toEqual([]);
    expect(of("COMMIT")).toEqual([]);
    expect(of("INSERT INTO t VALUES ($1)")).toEqual([]);
    const locked = { query: "SELECT `a` FROM `t` WHERE `b` > ?", sinceStart: { lockSeconds: 15 } };
    expect(rule.evaluate(mysqlLooked(locked))).toEqual([]);
    const update = { query: "UPDATE `t` SET `a` = ? WHERE `id` = ?" };
    expect(rule.evaluate(mysqlLooked(update))).toEqual([]);
    expect(rule.evaluate(mysqlLooked({ ...update, sinceStart: { rowsExamined: 5e8 } }))).toHaveLength(1);
  });

  it("D4 says that each write scans its table where the scans keep step with the calls", () => {
    const insert = "INSERT INTO orders (customer) VALUES ($1)";
    const pace = { ...dear, callsPerSecond: 150, rowsPerSecond: 150 };
    const scans = { intervalSeconds: 2, seqScansPerSecond: 141, seqRowsPerSecond: 141 * 150_000 };
    const seen = (
      statement: Parameters<typeof aStatement>[0],
      table = {},
      ...others: ReturnType<typeof aStatement>[]
    ) => {
      const found = rule.evaluate(
        lookedDeeper({
          "postgres-top-statements": [aStatement({ now: pace, ...statement }), ...others],
          "postgres-plans": [aPlan({ query: "UPDATE", spends: "100 %: a Index Scan of orders for 1 row" })],
          "postgres-tables": [aTable({ now: scans, ...table })],
        }),
      );
      return found.map(({ summary, evidence }) => [summary, ...evidence.map(({ says }) => says)].join("\n"));
    };
    const heavy = { query: insert, queryId: "7", sinceReset: { blocksHit: 10_000_000 } };
    const [says] = seen(heavy);
    expect(says).toContain("as each call scans public.orders");
    expect(says).toContain("each row written reads 1000 pages");
    expect(says).toContain("which its trigger, a foreign key check or a constraint does");
    expect(says).toContain("look at its triggers (\\d public.orders)");
    // An insert that reads little waits for its log; one that reads much is told, whoever scans what.
    expect(seen({ ...heavy, sinceReset: {} })).toEqual([]);
    const without = [
      seen(heavy, { now: { ...scans, seqScansPerSecond: 20 } }),
      seen(heavy, { now: { ...scans, seqRowsPerSecond: 5000 } }),
      seen(
        heavy,
        {},
        aStatement({ query: "SELECT count(*) FROM orders", queryId: "8", now: { callsPerSecond: 140 } }),
      ),
    ];
    for (const [other] of without) {
      expect(other).toContain("look at its triggers, foreign keys and constraints");
      expect(other).not.toContain("scans public.orders");
    }
    // A change tells by its plan that it does not scan itself; where that is not seen, it may.
    const update = { query: "UPDATE orders SET a = $1 WHERE id = $2" };
    expect(seen(update)[0]).toContain("as each call scans public.orders");
    expect(seen({ ...update, queryId: "7" })[0]).not.toContain("scans public.orders");
  });

  it("D4 a backup's own statement is not told", () => {
    const backup = aSession(9, { application: "pg_dump", query, state: "active" });
    expect(rule.evaluate(looked({}, { sessions: [backup] }))).toEqual([]);
  });

  it("D4 names the resource: rows, I/O, temporary space", () => {
    const inWhat = (now: object) => rule.evaluate(looked({ now: { ...dear, ...now } }))[0]?.summary;
    expect(inWhat({ blocksReadPerSecond: 9000 })).toContain("in I/O (9000 pages read a second)");
    expect(inWhat({ tempBytesPerSecond: 900_000 })).toContain("in CPU");
    const seen = mysqlLooked({
      query: "SELECT `a` FROM `t` ORDER BY `RAND` ( ) LIMIT ?",
      now: { ...dear, rowsExaminedPerSecond: 80_000 },
      sinceStart: { firstSeenAt: "2026-11-20T08:00:00Z" },
    });
    const [finding] = rule.evaluate(seen);
    expect(finding?.summary).toContain("in CPU (80000 rows looked at a second)");
    expect(finding?.evidence.map((one) => one.says).join("\n")).toMatch(
      /first seen 2026-11-20 08:00:00[\s\S]*no index helps/,
    );
  });
});
