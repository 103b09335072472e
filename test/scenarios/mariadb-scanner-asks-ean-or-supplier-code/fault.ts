import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** One side of the OR has its index, the other none: then neither helps, and the tenant's rows are read. */
export const scenario = defineScenario({
  engine: "mariadb",
  title: "Hand scanners ask for an article by its EAN or the supplier's code, and only the EAN is indexed",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(94)],
  make: async (stage) => {
    const setup = await oneMy(stage, "wms-gateway");
    await setup.query(
      "CREATE TABLE wms_articles (tenant_id smallint unsigned NOT NULL, article_no int unsigned NOT NULL, ean char(13) NOT NULL, supplier_code varchar(24) NOT NULL, shelf varchar(8) NOT NULL, PRIMARY KEY (tenant_id, article_no), KEY by_ean (ean)) ENGINE=InnoDB",
    );
    await setup.query(
      `INSERT INTO wms_articles SELECT IF(n % 10 = 0, 2, 1), n, LPAD(4000000000000 + n, 13, '0'), CONCAT('SUP-', LPAD(n * 3, 8, '0')), CONCAT('R', n % 90) FROM ${numbersTo(80_000)}`,
    );
    await setup.query("ANALYZE TABLE wms_articles");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, [setup], 30, async (client, turn) => {
      await client.query("UPDATE wms_articles SET shelf = ? WHERE tenant_id = 1 AND article_no = ?", [
        `R${turn % 90}`,
        1 + (turn % 80_000),
      ]);
      await pause(10);
    });
    const scanners = await stage.mySessions(stage.number(4, 6), "wms-gateway");
    await keepRunning(stage, scanners, 120, (client, turn) => {
      const scanned =
        turn % 2 === 0
          ? `400000${String(turn).padStart(7, "0")}`
          : `SUP-${String(turn * 3).padStart(8, "0")}`;
      return client.query(
        "SELECT article_no, shelf FROM wms_articles WHERE tenant_id = ? AND (ean = ? OR supplier_code = ?)",
        [1, scanned, scanned],
      );
    });
    return { culprits: [] };
  },
});
