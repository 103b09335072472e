import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A supplier feed asks for nine thousand numbers in one IN list, more than range_optimizer_max_mem_size: its unique index is given up and the whole table read",
  tiers: ["immediate", "performance"],
  server: { settings: { "range-optimizer-max-mem-size": "1536000" } },
  make: async (stage) => {
    const feeds = await stage.mySessions(stage.number(3, 4), "supplier-feed");
    const [setup] = feeds;
    await setup?.query(
      "CREATE TABLE supplier_articles (id int unsigned NOT NULL AUTO_INCREMENT, ean bigint unsigned NOT NULL, supplier_no smallint unsigned NOT NULL, purchase_price decimal(10,2) NOT NULL, description varchar(120) NOT NULL, PRIMARY KEY (id), UNIQUE KEY by_ean (ean))",
    );
    const rows = stage.number(88_000, 95_000);
    for (const from of [0, rows]) {
      await setup?.query(
        `INSERT INTO supplier_articles (ean, supplier_no, purchase_price, description) SELECT 4000000000000 + (${from} + n) * 17, n % 60, n % 900, RPAD('part', 90, n) FROM ${numbersTo(rows)}`,
      );
    }
    await setup?.query("ANALYZE TABLE supplier_articles");
    await ordinaryWork(stage, 3);
    // Harmless: one article looked up by the same index.
    const till = await oneMy(stage, "till");
    await keepRunning(stage, [till], 5, async (one, turn) => {
      await one.query("SELECT id, purchase_price FROM supplier_articles WHERE ean = ?", [
        4_000_000_000_000 + (1 + (turn % 5000)) * 17,
      ]);
      await new Promise((resolve) => setTimeout(resolve, 60));
    });
    await keepRunning(stage, feeds, 240, (feed, turn) => {
      // Most of what a feed brings is new: few of the numbers are found.
      const list = Array.from({ length: 9000 }, (_, index) => 4_000_000_000_000 + (turn % 50) + index * 171);
      return feed.query(
        `SELECT id, ean, purchase_price FROM supplier_articles WHERE ean IN (${list.join(", ")})`,
      );
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(95)],
});
