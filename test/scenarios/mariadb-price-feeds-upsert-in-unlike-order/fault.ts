import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Feeds of prices are upserted by several workers, each batch in the order of its supplier: they lock each other out",
  tiers: ["immediate", "performance"],
  // The lab's 16 MiB of redo log would be a fault of their own at this pace.
  server: { settings: { "innodb-log-file-size": "268435456" } },
  make: async (stage) => {
    const workers = await stage.mySessions(stage.number(6, 8), "feed-importer");
    const [merchant] = await stage.mySessions(1, "merchant-desk");
    const [setup] = workers;
    await setup?.query(
      "CREATE TABLE offers (market char(2) NOT NULL, sku varchar(24) NOT NULL, supplier smallint NOT NULL, price decimal(10,2) NOT NULL, blurb varchar(200) NOT NULL, seen_at datetime(3) NOT NULL, PRIMARY KEY (market, sku), KEY by_supplier (supplier, seen_at))",
    );
    await setup?.query(
      `INSERT INTO offers SELECT 'de', CONCAT('ART-', LPAD(n, 6, '0')), 1, 9.9, REPEAT('b', 150), NOW(3) FROM ${numbersTo(3_000)}`,
    );
    await setup?.query("CREATE TABLE merchant_notes (merchant varchar(20) PRIMARY KEY, note varchar(60))");
    await setup?.query("INSERT INTO merchant_notes VALUES ('acme', ''), ('globex', ''), ('initech', '')");
    // Harmless: a note that nobody else wants.
    await merchant?.query("START TRANSACTION");
    await merchant?.query("UPDATE merchant_notes SET note = 'call back' WHERE merchant = 'globex'");
    await ordinaryWork(stage, 3);
    const step = [7, 11, 13, 17, 19, 23, 29, 31];
    await keepRunning(stage, workers, 200, async (worker, turn) => {
      // The same articles for every supplier, each in an order of its own.
      const stride = step[turn % step.length] ?? 7;
      const values = Array.from({ length: 150 }, (_, index) => {
        const article = 1 + ((turn * 37 + index * stride) % 300);
        return `('de', 'ART-${String(article).padStart(6, "0")}', ${stride}, ${(index % 90) + 0.5}, 'from feed', NOW(3))`;
      });
      await worker
        .query(
          `INSERT INTO offers (market, sku, supplier, price, blurb, seen_at) VALUES ${values.join(", ")} ON DUPLICATE KEY UPDATE supplier = VALUES(supplier), price = VALUES(price), seen_at = VALUES(seen_at)`,
        )
        .catch((error: unknown) => {
          // Taken up again by its worker, as its library does.
          if (!String(error).includes("Deadlock")) throw error;
        });
      await pause(10);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(48)],
});
