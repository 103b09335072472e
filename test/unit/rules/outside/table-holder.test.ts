import { describe, expect, it } from "vitest";
import type { LoadDimension } from "../../../../functions/core/contract/context.ts";
import { blockedByRunningQuery } from "../../../../functions/core/rules/locks/blocked-by-running-query.ts";
import { ddlLockQueue } from "../../../../functions/core/rules/locks/ddl-lock-queue.ts";
import { matviewRefreshBlocking } from "../../../../functions/core/rules/locks/matview-refresh-blocking.ts";
import { aTarget } from "../../../support/evidence-builder.ts";
import { metricView } from "../../../support/metric-scene.ts";

type Loads = Readonly<Record<string, number>>;

/** What each of the three rules says of 30 sessions that wait for a table, beside what the statement does. */
function told(query: string, loads: Loads, waiter = "SELECT sum(n) FROM public.totals WHERE day > ?") {
  const items = (all: Loads): LoadDimension["items"][number]["waits"] =>
    Object.entries(all).map(([name, load]) => ({ name, load }));
  const statement = (name: string, waits: Loads): LoadDimension["items"][number] => ({
    ...{ name, id: null, waits: items(waits) },
    load: Object.values(waits).reduce((sum, each) => sum + each, 0),
  });
  const load: LoadDimension[] = [
    {
      by: "wait-event",
      items: items({ "Lock:relation": 30, CPU: 1 }).map((one) => ({ ...one, id: null, waits: [] })),
    },
    { by: "statement", items: [statement(waiter, { "Lock:relation": 29 }), statement(query, loads)] },
  ];
  const view = metricView({ self: { vcpus: 4 }, context: { load } });
  const outside = { ...view, server: null, connections: null, sessions: null, forests: null };
  const rules = { matviewRefreshBlocking, blockedByRunningQuery, ddlLockQueue };
  return Object.entries(rules).flatMap(([name, rule]) =>
    rule.evaluate(outside).map(({ summary, actions }) => ({ name, summary, actions })),
  );
}

describe("whole tables that are waited for, by the load alone", () => {
  it("D4 tells a REFRESH that works and waits for no table to have its view", () => {
    const [finding, ...more] = told("REFRESH MATERIALIZED VIEW totals", { CPU: 0.6, "IO:DataFileRead": 0.4 });
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ name: "matviewRefreshBlocking", actions: [] });
    expect(finding?.summary).toContain("REFRESH MATERIALIZED VIEW totals works meanwhile");
    expect(finding?.summary).toContain("nobody is to be ended");
  });

  it("D4 tells another DDL that works to have its table", () => {
    const all = told("/* job */ ALTER TABLE totals ALTER n TYPE bigint", { CPU: 0.9 });
    expect(all).toMatchObject([{ name: "blockedByRunningQuery" }]);
  });

  it("D4 tells one that waits for a table itself to want it", () => {
    const [finding, ...more] = told("REFRESH MATERIALIZED VIEW totals", { "Lock:relation": 1 });
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ name: "ddlLockQueue" });
    expect(finding?.summary).toContain("REFRESH MATERIALIZED VIEW totals wants it");
  });

  it.each([
    ["lets readers read", "REFRESH MATERIALIZED VIEW CONCURRENTLY totals", { CPU: 1 }],
    ["lets everybody work", "CREATE INDEX CONCURRENTLY ON totals (n)", { CPU: 0.1, "Lock:relation": 0.9 }],
    ["works on another table", "REFRESH MATERIALIZED VIEW others", { CPU: 1 }],
  ])("D4 blames nobody where the only one %s", (_why, query, loads) => {
    const [finding, ...more] = told(query, loads);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ name: "ddlLockQueue" });
    expect(finding?.summary).toContain("as behind DDL or LOCK TABLE");
    expect(finding?.summary).not.toContain("wants it");
  });
});

describe("DDL that waits for a table on a replica", () => {
  const mdl = "wait/lock/metadata/sql/mdl";
  const alter = "ALTER TABLE points ADD COLUMN source INT";
  const item = (name: string, waits: Loads): LoadDimension["items"][number] => ({
    ...{ name, id: null, load: Object.values(waits).reduce((sum, each) => sum + each, 0) },
    waits: Object.entries(waits).map(([wait, load]) => ({ name: wait, load })),
  });

  /** The lag of each of fifteen minutes, in seconds. */
  function explained(
    lag: readonly number[],
    waits: Loads = { [mdl]: 1 },
    engine: "mysql" | "postgres" = "mysql",
  ) {
    const load: LoadDimension[] = [
      { by: "wait-event", items: [item(mdl, { [mdl]: 9 }), item("CPU", { CPU: 1 })] },
      {
        by: "statement",
        items: [item("SELECT n FROM points WHERE id = ?", { [mdl]: 8 }), item(alter, waits)],
      },
    ];
    const target = aTarget({ engine, role: "reader" });
    const view = metricView({
      self: { vcpus: 2, role: "replica" },
      values: { ReplicaLag: lag },
      context: { load },
    });
    const outside = { ...view, evidence: { ...view.evidence, target } };
    const [finding] = ddlLockQueue.evaluate({
      ...outside,
      ...{ server: null, connections: null, sessions: null, forests: null },
    });
    return finding?.explains.filter(({ cause }) => cause === "replication-lag").map(({ subject }) => subject);
  }

  const growing = (perMinute: number) => Array.from({ length: 15 }, (_, at) => 900 + perMinute * at);

  it("D3 is why it is late, where its lag grows as fast as the clock", () => {
    expect(explained(growing(60))).toEqual(["orders-db"]);
  });

  it("D3 is not, where changes are applied meanwhile, it works itself, or PostgreSQL replays", () => {
    expect(explained(growing(12))).toEqual([]);
    expect(explained(growing(0))).toEqual([]);
    expect(explained(growing(-30))).toEqual([]);
    expect(explained(growing(60), { CPU: 1 }) ?? []).toEqual([]);
    expect(explained(growing(60), { [mdl]: 1 }, "postgres")).toEqual([]);
  });
});
