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
