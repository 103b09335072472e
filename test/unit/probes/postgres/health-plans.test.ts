import { describe, expect, it } from "vitest";
import type { SqlRow } from "../../../../functions/core/ports.ts";
import { postgresPlans } from "../../../../functions/core/probes/postgres/plans/plans.ts";
import { runProbes } from "../../../../functions/core/probes/run-probes.ts";
import { context, fakeSession, steppingClock } from "../fake-session.ts";

const plan = (cost: number): SqlRow[] => [
  {
    "QUERY PLAN": [
      {
        Plan: {
          ...{ "Node Type": "Seq Scan", Schema: "s", "Relation Name": "t", Alias: "t", "Plan Rows": 1 },
          ...{ "Plan Width": 8, "Total Cost": cost, Filter: "(t.a = $1)" },
        },
      },
    ],
  },
];
const table = {
  ...{ schema: "s", relation: "t", rows: 1e6, rootSchema: "s", rootRelation: "t", partitioned: false },
  ...{ columns: [{ name: "a", type: "int4", distinct: 1e6 }], indexes: [] },
};

function server(overrides: { hypopg?: string | null; strings?: boolean } = {}) {
  let hypothetical = false;
  return fakeSession(({ sql }) => {
    if (sql.includes("as sees_all")) {
      const { hypopg = null, strings = true } = overrides;
      const memory = { work_mem: 4e6, hash_mem_multiplier: 2 };
      const schemas = { statements_schema: "Ext", hypopg_schema: hypopg };
      return [{ sees_all: true, reads_all: true, plain_strings: strings, ...memory, ...schemas }];
    }
    if (sql.includes("as query_id")) {
      const row = { query_id: "1", user_name: "shop", calls: 2, total_seconds: 4, rows: 2, search_path: "s" };
      return [{ ...row, query: "select * from t where a = $1" }];
    }
    if (sql.includes("hypopg_create_index")) hypothetical = true;
    if (sql.includes("hypopg_reset")) hypothetical = false;
    if (sql.startsWith("explain")) return plan(hypothetical ? 8 : 20_000);
    return sql.includes('"rootRelation"') ? [table] : [];
  });
}

describe("plans of the worst statements", () => {
  it("P16 checks a suggestion with HypoPG when it is there, and puts everything back", async () => {
    const session = server({ hypopg: "public" });
    const [result] = await runProbes(session, [postgresPlans], context, steppingClock());

    expect(result?.rows[0]).toMatchObject({
      status: "explained",
      totalCost: 20_000,
      suggestions: [{ createIndex: "CREATE INDEX CONCURRENTLY ON s.t (a)", costWithIndex: 8 }],
    });
    expect(session.asked.some((sql) => sql.includes("public.hypopg_reset()"))).toBe(true);
    // The path before anything is called: a role's own may put its functions before pg_catalog's.
    expect(session.asked.slice(-3)).toEqual([
      "set search_path = pg_catalog",
      expect.stringContaining("set_config('lock_timeout'"),
      "set plan_cache_mode = auto",
    ]);
    expect(session.asked.some((sql) => sql.includes('from "Ext".pg_stat_statements(false)'))).toBe(true);
    expect(session.asked.join().toLowerCase()).not.toContain("analyze");
  });

  it("P16 leaves the cost open without HypoPG", async () => {
    const [result] = await runProbes(server(), [postgresPlans], context, steppingClock());

    expect(result?.rows[0]).toMatchObject({ suggestions: [{ costWithIndex: null }] });
  });

  it("P16 asks for no plan where the server would read quotes otherwise than we do", async () => {
    const session = server({ strings: false });
    const [result] = await runProbes(session, [postgresPlans], context, steppingClock());

    expect(result).toMatchObject({ status: "failed", reason: "standard_conforming_strings is off" });
    expect(session.asked).toHaveLength(1);
  });
});

describe("a statement that runs just now with its values in its text", () => {
  const leaf = (relation: string, condition: string, rows: number) => ({
    ...{ "Node Type": "Index Scan", Schema: "s", "Relation Name": relation, Alias: relation },
    ...{ "Plan Rows": rows, "Plan Width": 8, "Total Cost": 4, "Index Name": "pk", "Index Cond": condition },
  });
  const joined = (value: string, rows: number, cost: number) => ({
    ...{ "Node Type": "Nested Loop", "Plan Rows": rows, "Plan Width": 8, "Total Cost": cost },
    Plans: [
      { ...leaf("t", `(t.batch = ${value})`, rows), "Parent Relationship": "Outer" },
      { ...leaf("u", `(u.batch = ${value})`, rows), "Parent Relationship": "Inner" },
    ],
  });
  const text = (value: string) => `select * from t join u on u.batch = t.batch where t.batch = ${value}`;

  const environment = {
    ...{ sees_all: true, reads_all: true, plain_strings: true, work_mem: 4e6, hash_mem_multiplier: 2 },
    ...{ statements_schema: "public", hypopg_schema: null },
  };
  const worst = {
    query_id: "1",
    user_name: "shop",
    calls: 2,
    total_seconds: 4,
    rows: 5400,
    search_path: "s",
  };
  const explained = (sql: string) => (sql.includes("$1") ? joined("$1", 2700, 2000) : joined("57", 1, 14));

  async function problemsOf(sample: string | null, { seconds = 3, foreign = "" } = {}) {
    const code = foreign === "" ? [] : [{ name: foreign, kind: "name" }];
    const answers: readonly (readonly [RegExp, (sql: string) => SqlRow[]])[] = [
      [/as sees_all/, () => [environment]],
      [/as query_id/, () => [{ ...worst, query: text("$1"), sample, sample_seconds: seconds }]],
      [/'queue'/, () => code],
      [/^explain/, (sql) => [{ "QUERY PLAN": [{ Plan: explained(sql) }] }]],
      [/"rootRelation"/, () => [table, { ...table, relation: "u", rootRelation: "u" }]],
    ];
    const session = fakeSession(({ sql }) => answers.find(([pattern]) => pattern.test(sql))?.[1](sql) ?? []);
    const [result] = await runProbes(session, [postgresPlans], context, steppingClock());
    const [row] = result?.rows ?? [];
    return { row, asked: session.asked.filter((sql) => sql.startsWith("explain") && !sql.includes("$1")) };
  }

  it("P16 shows by its own plan that the planner does not know the value", async () => {
    const { row, asked } = await problemsOf(text("57"));
    expect(asked).toEqual([`explain (format json, verbose) ${text("57")}`]);
    expect(row).toMatchObject({
      totalCost: 2000,
      problems: [
        { kind: "loop-estimate", relation: "s.t", detail: expect.stringContaining("one has run for 3 s") },
        { kind: "loop-estimate", relation: "s.u" },
      ],
    });
    // What people ask for is nobody's to keep.
    expect(JSON.stringify(row)).not.toContain("57");
  });

  it.each([
    ["nobody runs it", null, {}, 0],
    ["values are sent apart from its text", text("$1"), {}, 0],
    ["it holds a second statement", `${text("57")}; drop table t`, {}, 0],
    ["it names the application's own code", text("risky(57)"), { foreign: "risky" }, 0],
    ["it has run for no longer than its cost stands for", text("57"), { seconds: 0.2 }, 1],
  ])("P16 tells nothing of it where %s", async (_, sample, more, plans) => {
    const { row, asked } = await problemsOf(sample, more);
    expect(row).toMatchObject({ status: "explained", problems: [] });
    expect(asked).toHaveLength(plans);
  });
});
