import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "The price job empties its table with TRUNCATE behind an extract that left its transaction open; the shop waits",
  make: async (stage) => {
    const [extract] = await stage.mySessions(1, "dbeaver");
    const [job] = await stage.mySessions(1, "pricing-cron");
    const shop = await stage.mySessions(stage.number(9, 13), stage.application());
    const [report] = await stage.mySessions(1, "reporting");
    await job?.query(
      "CREATE TABLE price_quotes (market char(2) NOT NULL, sku varchar(24) NOT NULL, valid_from date NOT NULL, cents int unsigned NOT NULL, PRIMARY KEY (market, sku, valid_from))",
    );
    await job?.query(
      `INSERT INTO price_quotes SELECT ELT(1 + n % 3, 'de', 'fr', 'it'), CONCAT('SKU-', n), '2026-11-01', n % 9000 FROM ${numbersTo(9000)}`,
    );
    await ordinaryWork(stage, 3);
    // Reads something else.
    if (report) stage.leave(report.query("SELECT SLEEP(40), COUNT(*) FROM mysql.help_topic"));
    await extract?.query("SET autocommit = 0");
    await extract?.query("SELECT market, COUNT(*), AVG(cents) FROM price_quotes GROUP BY market");
    await pause(500);
    if (job) stage.leave(job.query("TRUNCATE TABLE price_quotes"));
    await pause(500);
    for (const [index, client] of shop.entries())
      stage.leave(
        client.query(
          "SELECT cents FROM price_quotes WHERE market = 'de' AND sku = ? ORDER BY valid_from DESC LIMIT 1",
          [`SKU-${index * 3}`],
        ),
      );
    await pause(6000);
    return { culprits: [job, extract].flatMap((one) => (one ? [one.threadId] : [])) };
  },
});
