import { describe, expect, it } from "vitest";
import { wraparoundRisk as rule } from "../../../../functions/core/rules/vacuum/wraparound-risk.ts";
import { aMetric, aView } from "../../../support/evidence-builder.ts";
import { lookedDeeper } from "../../../support/statement-builder.ts";

describe("wraparound-risk", () => {
  const database = {
    kind: "database",
    name: "shop",
    xidAge: 100_000_000,
    multixactAge: 0,
    freezeMaxAge: 200_000_000,
    multixactFreezeMaxAge: 400_000_000,
    percentUsed: 4.7,
    xidsLeft: 2_000_000_000,
    bytes: null,
    toastOf: null,
  };
  const used = (percentUsed: number) => {
    const xidAge = Math.round((percentUsed / 100) * 2_144_483_648);
    return { ...database, percentUsed, xidAge, xidsLeft: 2_144_483_648 - xidAge };
  };
  const findingsOf = (...rows: object[]) =>
    rule.evaluate(lookedDeeper({ "postgres-vacuum-wraparound": JSON.parse(JSON.stringify(rows)) }));

  it.each([
    [45.9, "P3"],
    [46, "P2"],
    [74.9, "P2"],
    [75, "P1"],
    [97.9, "P1"],
    [98, "P0"],
  ])("D6 at %s %% of the ids is %s", (percent, severity) => {
    expect(findingsOf(used(percent))[0]).toMatchObject({ severity });
  });

  it("P7 remedies the database that it names: of another one the tables are not seen here", () => {
    const table = { ...used(5), kind: "table", name: "public.small" };
    const [finding] = findingsOf({ ...used(80), name: "billing" }, used(5), table);
    expect(finding?.actions.map(({ id }) => id)).toEqual(["find-oldest-tables"]);
    expect(finding?.actions[0]?.describes).toContain("database billing: run it there");
    expect(JSON.stringify(finding?.evidence)).not.toContain("public.small");
  });

  it("P7 sends nobody into a database that takes no connections, and says what reaches it", () => {
    const [finding] = findingsOf({ ...used(80), name: "template0", closed: true }, used(5));
    expect(finding?.actions).toEqual([]);
    expect(JSON.stringify(finding?.evidence)).toContain("nobody can connect to template0: autovacuum alone");
    expect(findingsOf({ ...used(80), name: "rdsadmin" }, used(5))[0]?.actions).toEqual([]);
    expect(findingsOf({ ...used(80), name: "billing", closed: false }, used(5))[0]?.actions).toHaveLength(1);
  });

  it("P7 leaves a temporary table to its session, and says so", () => {
    const temporary = { ...used(80), kind: "table", name: "pg_temp_3.scratch", temporary: true };
    const [finding] = findingsOf(used(80), temporary);
    expect(finding?.actions).toEqual([]);
    expect(JSON.stringify(finding?.evidence)).toContain("it goes when that session ends");
  });

  it("P7 is silent on a standby, which can freeze nothing", () => {
    const rows = { "postgres-vacuum-wraparound": JSON.parse(JSON.stringify([used(80)])) };
    const standby = { writable: false, readOnlyBecause: "it is a standby: it replays what the writer does" };
    expect(rule.evaluate(lookedDeeper(rows, { server: standby }))).toEqual([]);
  });

  it("P7 speaks by the metric alone when nobody could look inside", () => {
    const overrides = { metrics: [aMetric("MaximumUsedTransactionIDs", [1_700_000_000])] };
    const [finding] = rule.evaluate(aView({ overrides }));
    expect(finding).toMatchObject({ severity: "P1", actions: [] });
    expect(finding?.summary).toContain("could not be seen");
    const few = { metrics: [aMetric("MaximumUsedTransactionIDs", [200_000_000])] };
    expect(rule.evaluate(aView({ overrides: few }))).toEqual([]);
  });

  it("D4 says nothing of a database that is a little older than the limit at which freezing begins", () => {
    expect(findingsOf(used(10.5))).toEqual([]);
    expect(findingsOf(database)).toEqual([]);
  });

  it("A8 vacuums the oldest table, and that of a TOAST table, as the manual says and as who may", () => {
    const toast = { ...used(80), kind: "table", name: "pg_toast.pg_toast_77", toastOf: "public.Orders" };
    const [finding] = findingsOf(toast, used(80));
    expect(finding).toMatchObject({ subject: "shop" });
    expect(finding?.actions[0]?.preview).toBe('VACUUM (VERBOSE) public."Orders"');
    expect(finding?.actions[0]?.describes).toContain("run it as the table's owner");
  });

  it("A8 names a table with a dot, by its schema or, in older evidence, by the first dot", () => {
    const dotted = { ...used(80), kind: "table", name: "public.events.2024" };
    for (const table of [dotted, { ...dotted, schema: "public" }])
      expect(findingsOf(used(80), table)[0]?.actions[0]?.preview).toBe(
        'VACUUM (VERBOSE) public."events.2024"',
      );
  });
});
