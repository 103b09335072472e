import { describe, expect, it } from "vitest";
import type { MysqlTableStatisticsRow } from "../../../../functions/core/probes/mysql/table-statistics-rows.ts";
import { staleStatistics as rule } from "../../../../functions/core/rules/queries/stale-statistics.ts";
import { aProbe, aTarget, aView, someEvidence } from "../../../support/evidence-builder.ts";

function findingsOf(overrides: Partial<MysqlTableStatisticsRow>, version = "8.4.6") {
  const row: MysqlTableStatisticsRow = {
    schema: "shop",
    table: "orders",
    rows: 60_000,
    countedRows: 20_000,
    countedSecondsAgo: 86_400,
    recounts: false,
    ...overrides,
  };
  const { probes } = someEvidence({ engine: "mysql", server: { version } });
  const target = aTarget({ engine: "mysql" });
  const more = aProbe("mysql-table-statistics", [row]);
  return rule.evaluate(aView({ engine: "mysql", overrides: { target, probes: [...probes, more] } }));
}

describe("stale-statistics of MySQL and MariaDB", () => {
  it("D4 tells a table that has doubled or halved since its values were counted", () => {
    expect(findingsOf({ countedRows: 30_001 })).toEqual([]);
    expect(findingsOf({ countedRows: 120_000 })).toHaveLength(1);
    expect(findingsOf({})[0]).toMatchObject({
      severity: "P3",
      summary:
        "Statistics of shop.orders are stale: they were counted 1 d ago at 20,000 rows, it has about 60,000 rows now",
    });
  });

  it("D4 waits for InnoDB to count again by itself where it does", () => {
    expect(findingsOf({ recounts: true, countedSecondsAgo: 300 })).toEqual([]);
    expect(findingsOf({ recounts: true, countedSecondsAgo: 301 })).toHaveLength(1);
  });

  it("A7 warns of versions in which ANALYZE TABLE makes others wait behind a long statement", () => {
    const action = (version: string) => findingsOf({}, version)[0]?.actions[0];
    expect(action("8.4.6")).toMatchObject({
      risk: "safe",
      preview: "ANALYZE NO_WRITE_TO_BINLOG TABLE `shop`.`orders`",
    });
    expect(action("8.0.23")).toMatchObject({ risk: "disruptive" });
    expect(action("8.0.24")).toMatchObject({ risk: "safe" });
  });
});
