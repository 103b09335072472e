import { describe, expect, it } from "vitest";
import { staleStatistics as rule } from "../../../../functions/core/rules/queries/stale-statistics.ts";
import { aRunning } from "../../../support/forest-builder.ts";
import { aPlan, aStatement, aTable, busy, lookedDeeper } from "../../../support/statement-builder.ts";

describe("stale-statistics", () => {
  const query = "SELECT id FROM orders WHERE batch = $1";
  const wrong = aPlan({
    query,
    estimatedRows: 1,
    meanRows: 3000,
    problems: [{ kind: "row-estimate", relation: null, detail: "1 rows are expected, 3000 come on average" }],
  });
  const stale = { changedSinceAnalyze: 90_000, lastAutoanalyzeSeconds: 7200 };
  const findingsOf = (table: Parameters<typeof aTable>[0], now = {}, plan = wrong) =>
    rule.evaluate(
      lookedDeeper({
        "postgres-tables": [aTable(table)],
        "postgres-plans": [plan],
        "postgres-top-statements": [aStatement({ query, now })],
      }),
    );

  it("D4 is P2 when a statement that it misleads keeps the CPUs busy, and proposes ANALYZE", () => {
    const [finding] = findingsOf(stale, busy);
    expect(finding).toMatchObject({ subject: "public.orders", severity: "P2" });
    expect(finding?.summary).toContain("expects 1 rows and gets 3000");
    expect(finding?.actions[0]).toMatchObject({ id: "analyze-table", preview: "ANALYZE public.orders" });
  });

  it("D4 is hygiene while no statement suffers", () => {
    expect(findingsOf(stale)[0]).toMatchObject({ severity: "P3" });
    expect(findingsOf(stale, busy, aPlan({ query: "SELECT 1 FROM carts" }))[0]).toMatchObject({
      severity: "P3",
    });
  });

  it("D4 waits until autoanalyze had its chance three times over", () => {
    expect(findingsOf({ ...stale, changedSinceAnalyze: 30_150 }, busy)).toEqual([]);
    expect(findingsOf({ ...stale, changedSinceAnalyze: 30_151 }, busy)).toHaveLength(1);
  });

  it("D4 leaves it to autoanalyze for a minute: what was loaded and analyzed at once is counted twice, and whoever suffers does so for something else", () => {
    const now = { changedSinceAnalyze: 90_000, lastAnalyzeSeconds: 17 };
    expect(findingsOf(now)).toEqual([]);
    expect(findingsOf({ ...now, lastAnalyzeSeconds: 60 })[0]).toMatchObject({ severity: "P3" });
    expect(findingsOf({ ...now, autovacuumEnabled: false })[0]).toMatchObject({ severity: "P3" });
    expect(findingsOf(now, busy)).toEqual([]);
    expect(findingsOf({ ...now, autovacuumEnabled: false }, busy)[0]).toMatchObject({ severity: "P2" });
  });

  it("D4 says nothing of a table loaded and analyzed just now, nor of a small one", () => {
    expect(findingsOf({ changedSinceAnalyze: 0, lastAnalyzeSeconds: 3 }, busy)).toEqual([]);
    expect(findingsOf({ ...stale, liveRows: 9999 }, busy)).toEqual([]);
  });

  it("D4 knows a table that nobody ever analyzed", () => {
    const never = { lastAnalyzeSeconds: null, lastAutoanalyzeSeconds: null, changedSinceAnalyze: 100_000 };
    expect(findingsOf(never)[0]?.summary).toContain("never analyzed");
  });

  const joins = aPlan({
    query: "SELECT count(*) FROM orders JOIN scans USING (day) WHERE day = current_date",
    problems: ["public.orders", "public.scans"].map((relation) => ({
      ...{ kind: "loop-estimate" as const, relation },
      detail: "about 1 rows are expected to be looked up one by one in public.scans, and 8.7 is the cost",
    })),
  });
  const joined = (changedSinceAnalyze: number, now: object = busy, table = {}) =>
    rule.evaluate(
      lookedDeeper({
        "postgres-tables": [aTable({ changedSinceAnalyze, lastAnalyzeSeconds: 3600, ...table })],
        "postgres-plans": [joins],
        "postgres-top-statements": [aStatement({ query: joins.query, now })],
      }),
    );

  it("D4 knows rows too few for autoanalyze by a plan that joins them as if there were none", () => {
    const [finding] = joined(2851);
    expect(finding).toMatchObject({ subject: "public.orders", severity: "P2" });
    expect(finding?.summary).toContain(
      "2851 rows of its 100000 changed since it was analyzed 10 min ago, too few for autoanalyze",
    );
    expect(finding?.summary).toContain("expects little of it: about 1 rows are expected");
    expect(finding?.actions[0]).toMatchObject({ id: "analyze-table" });
    expect(joined(12_000)[0]?.summary).toContain("and autoanalyze has not come yet");
  });

  it("D4 says nothing of so few where nothing suffers, where still fewer changed, and of a plan that expects a wrong number", () => {
    expect(joined(2851, {})).toEqual([]);
    expect(joined(999)).toEqual([]);
    expect(joined(2851, busy, { table: "scanners" })).toEqual([]);
    expect(findingsOf({ changedSinceAnalyze: 2851, lastAnalyzeSeconds: 3600 }, busy)).toEqual([]);
  });

  it("D4 sees who suffers by those who run it where no call ended between the readings", () => {
    const slow = { averageSessions: 0, callsPerSecond: 0, meanSeconds: null, percentOfTime: 0 };
    expect(joined(2851, slow)).toEqual([]);
    const found = rule.evaluate(
      lookedDeeper(
        {
          "postgres-tables": [aTable({ changedSinceAnalyze: 2851, lastAnalyzeSeconds: 3600 })],
          "postgres-plans": [joins],
          "postgres-top-statements": [aStatement({ query: joins.query, now: slow })],
        },
        { sessions: [1, 2].map((id) => aRunning(id, 4, { query: joins.query })) },
      ),
    );
    expect(found[0]).toMatchObject({ severity: "P2" });
    expect(found[0]?.explains.map(({ cause }) => cause)).toContain("cpu-saturated");
  });

  const sums = "SELECT sum(p.paid) FROM orders o JOIN payments p ON p.order_id = o.id WHERE o.batch = $1";
  interface Slow {
    readonly query?: string;
    readonly totalCost?: number;
    readonly seconds?: number;
    readonly waitEvent?: string | null;
    readonly table?: Parameters<typeof aTable>[0];
    readonly run?: number;
    /** What is known of its values. */
    readonly known?: { readonly sampledCost?: number; readonly valueSkew?: number };
    /** Calls of before took 3 s, so much of it for reading; those of now a tenth of that. */
    readonly readFor?: number;
  }
  /** An import of just now, after an ANALYZE of 13 s ago; two of its readers compute ever since. */
  function slow({
    query = sums,
    totalCost = 17,
    seconds = 9,
    waitEvent = null,
    table = {},
    run = 2,
    known = {},
    readFor,
  }: Slow = {}) {
    const counts = { changedSinceAnalyze: 12_000, lastAnalyzeSeconds: 13, ...table };
    const mean = { calls: 10, totalSeconds: 30, meanSeconds: 3, ioSeconds: readFor ?? 0 };
    const running =
      readFor === undefined
        ? { running: run, calls: run, meanSeconds: seconds, meanRows: 0 }
        : { calls: 10, meanSeconds: 3 };
    const plan = aPlan({ query, totalCost, ...running, ...known });
    const age = readFor === undefined ? seconds : 0.3;
    const sessions = Array.from({ length: run }, (_, id) => aRunning(id + 1, age, { query, waitEvent }));
    const counted = [
      readFor === undefined
        ? aStatement({ queryId: "2", query: "SELECT 1" })
        : aStatement({ query, now: { callsPerSecond: 0, averageSessions: 0 }, sinceReset: mean }),
    ];
    return rule.evaluate(
      lookedDeeper(
        {
          "postgres-tables": [aTable(counts)],
          "postgres-plans": [plan],
          "postgres-top-statements": counted,
        },
        { sessions },
      ),
    );
  }

  it("D4 takes a plan of next to no cost that computes for seconds for the proof, however lately it was analyzed", () => {
    const [finding] = slow();
    expect(finding).toMatchObject({ subject: "public.orders", severity: "P2", confidence: 0.7 });
    expect(finding?.summary).toContain(
      "expects little to do (a plan's cost of 17) and computes for 9 s, waiting for nothing",
    );
    expect(finding?.evidence.map(({ says }) => says).join()).toContain("keeps its plan");
    expect(finding?.actions[0]).toMatchObject({ id: "analyze-table", preview: "ANALYZE public.orders" });
    const explained = finding?.explains.map(({ cause }) => cause);
    expect(explained).toEqual(expect.arrayContaining(["expensive-statement", "cpu-saturated"]));
    expect(explained).not.toContain("io-saturated");
    // A thousandth of a second for each unit of cost, and above, where no value may cost more.
    expect(slow({ totalCost: 8900, known: { valueSkew: 1 } })).toHaveLength(1);
    expect(slow({ totalCost: 8900, known: { sampledCost: 8900, valueSkew: 1 } })).toHaveLength(1);
    expect(slow({ totalCost: 8900, query: sums.replace("$1", "7") })).toHaveLength(1);
    // Those of before tell how long a call takes where none has ended.
    expect(slow({ readFor: 1 })).toHaveLength(1);
    // Long after the ANALYZE, too, and before autoanalyze had its chance three times over.
    expect(slow({ table: { lastAnalyzeSeconds: 7200, lastAutoanalyzeSeconds: null } })).toHaveLength(1);
  });

  it.each([
    ["no more rows changed than autoanalyze waits for", { table: { changedSinceAnalyze: 10_050 } }],
    ["the plan knows how much there is to do", { totalCost: 9001, known: { valueSkew: 1 } }],
    ["a large tenant's plan is known to cost more", { totalCost: 665, known: { sampledCost: 191_868 } }],
    ["a large tenant may be asked for", { totalCost: 665, known: { valueSkew: 288 } }],
    ["nothing is known of its values", { totalCost: 1801 }],
    [
      "its value leads to others by a join",
      { totalCost: 1801, known: { sampledCost: 1801, valueSkew: 900 } },
    ],
    ["many share each CPU", { totalCost: 500, known: { valueSkew: 1 }, run: 64 }],
    ["the calls of before took their time for reading", { readFor: 29 }],
    ["it computes digests of texts", { query: sums.replace("sum(", "sum(length(md5(note)) + ") }],
    ["it makes vectors of texts", { query: sums.replace("sum(", "sum(length(to_tsvector(note)) + ") }],
    ["it is no slow statement", { seconds: 0.9 }],
    ["it waits for a volume", { waitEvent: "IO:DataFileRead" }],
    ["it waits for a lock", { waitEvent: "Lock:tuple" }],
    ["its client takes its rows slowly", { waitEvent: "Client:ClientWrite" }],
    ["a function of its own may take the time", { query: sums.replace("sum(", "price_of(") }],
    ["a LIMIT bets on where the rows lie", { query: `${sums} LIMIT 10` }],
    ["it reads members of documents", { query: sums.replace("sum(", "sum((payload ->> 'n')::int + ") }],
    ["it searches texts", { query: `${sums} AND note ILIKE '%late%'` }],
    ["it calls itself", { query: `WITH RECURSIVE t AS (SELECT 1) ${sums}` }],
    ["it reads one table alone", { query: "SELECT sum(length(note)) FROM orders WHERE batch = $1" }],
    [
      "it writes, and triggers are in no plan",
      { query: "UPDATE orders SET n = 1 FROM payments JOIN x ON 1=1" },
    ],
    ["it is one report alone", { run: 1 }],
    ["it does not read the table", { table: { table: "carts" } }],
  ] satisfies [string, Slow][])("D4 leaves it to autoanalyze where %s", (_name, other) => {
    expect(slow(other)).toEqual([]);
  });
});
