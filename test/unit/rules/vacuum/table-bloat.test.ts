import { describe, expect, it } from "vitest";
import type { PostgresPlanRow } from "../../../../functions/core/probes/postgres/plans/rows.ts";
import { tableBloat as rule } from "../../../../functions/core/rules/vacuum/table-bloat.ts";
import { aPlan, aStatement, aTable, busy, lookedDeeper } from "../../../support/statement-builder.ts";

describe("table-bloat", () => {
  const mb = 1024 * 1024;
  const findingsOf = (percent: number, bytes: number) =>
    rule.evaluate(
      lookedDeeper({ "postgres-tables": [aTable({ bloat: { bytes, percent, basis: "statistics" } })] }),
    );

  it("D4 is hygiene, and warns what VACUUM FULL does", () => {
    const [finding] = findingsOf(80, 1024 * mb);
    expect(finding).toMatchObject({ subject: "public.orders", severity: "P3" });
    expect(finding?.actions[0]).toMatchObject({ risk: "disruptive", automatic: false });
  });

  it("P19 locks nobody out for room that is used again anyhow", () => {
    expect(findingsOf(80, 1024 * mb - 1)[0]?.actions).toEqual([]);
  });

  it("T begins above both thresholds", () => {
    expect(findingsOf(50, 64 * mb)).toEqual([]);
    expect(findingsOf(80, 10 * mb)).toEqual([]);
    expect(findingsOf(50.1, 10 * mb + 1)).toHaveLength(1);
  });

  it("D4 says nothing without an estimate", () => {
    const table = aTable({ bloat: null, bloatUnavailable: "never analyzed" });
    expect(rule.evaluate(lookedDeeper({ "postgres-tables": [table] }))).toEqual([]);
  });

  describe("that somebody suffers from", () => {
    const toastOf = (name: string, bytes: number) =>
      aTable({ schema: "pg_toast", table: "pg_toast_7", kind: "toast", toastOf: name, bytes, indexBytes: 0 });
    const query = "SELECT depot, courier FROM delivery_slots";
    const pages = 20_000;
    const whole = { spends: "100 % of its plan's cost: a Seq Scan of delivery_slots for 425 rows" };
    interface Of {
      readonly pages?: number;
      readonly percent?: number;
      readonly plan?: Partial<PostgresPlanRow>;
      readonly toastBytes?: number;
    }
    function seen(of: Of = {}) {
      const bytes = pages * 8192;
      const percent = of.percent ?? 99.9;
      const table = aTable({
        table: "delivery_slots",
        bytes,
        liveRows: 425,
        deadRows: 0,
        bloat: { bytes: (bytes * percent) / 100, percent, basis: "statistics" },
      });
      const statement = aStatement({
        query,
        now: { ...busy },
        sinceReset: { calls: 180, totalSeconds: 45, meanSeconds: 0.25, blocksHit: 180 * (of.pages ?? pages) },
      });
      const plan = aPlan({ query, ...whole, ...of.plan });
      return lookedDeeper({
        "postgres-tables": [
          table,
          ...(of.toastBytes === undefined ? [] : [toastOf("public.delivery_slots", of.toastBytes)]),
        ],
        "postgres-top-statements": [statement],
        "postgres-plans": [plan],
      });
    }

    it("D4 tells empty pages that each scan reads, explains the statement by them, and shows how to be rid of them", () => {
      const [finding] = rule.evaluate(seen({ toastBytes: 8192 }));
      expect(finding).toMatchObject({ severity: "P2", nature: "acute", subject: "public.delivery_slots" });
      expect(finding?.summary).toContain("reads 20000 pages for 425 rows");
      expect(finding?.explains).toContainEqual(
        expect.objectContaining({ cause: "expensive-statement", subject: expect.any(String) }),
      );
      expect(finding?.actions).toMatchObject([{ id: "vacuum-table", automatic: false }]);
      const { consequence = "" } = finding?.actions[0] ?? {};
      expect(consequence).toContain("Locks the table against readers and writers");
      expect(consequence).not.toContain("maintenance window");
    });

    it("A8 promises seconds to nobody whose values out of line are many, or were not seen", () => {
      for (const of of [{ toastBytes: 5000 * mb }, {}])
        expect(rule.evaluate(seen(of))[0]?.actions[0]?.consequence).toContain("only in a maintenance window");
    });

    it("D9 stays hygiene where nobody reads them: by an index, few of the pages, or half of them rows", () => {
      const index = { spends: "100 % of its plan's cost: a Index Scan of delivery_slots for 3 rows" };
      for (const of of [{ pages: 900 }, { percent: 60 }, { plan: index }]) {
        expect(rule.evaluate(seen(of))).toMatchObject([{ severity: "P3", explains: [] }]);
      }
    });
  });
});
