import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Since a release the shop looks orders up by customer_email, which no index begins with: each look-up scans",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const shop = await stage.mySessions(stage.number(5, 7), stage.application());
    const setup = await oneMy(stage, "setup");
    await setup.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY AUTO_INCREMENT, customer_email varchar(80) NOT NULL,
        country char(2) NOT NULL, placed_at datetime NOT NULL, total int NOT NULL, note varchar(120) NOT NULL,
        KEY by_placed (placed_at), KEY by_country (country))`,
    );
    for (let part = 0; part < 2; part += 1)
      await setup.query(
        `INSERT INTO ${table} (customer_email, country, placed_at, total, note)
         SELECT CONCAT("c", (n * 7919 + ${part}) % 60000, "@example.org"), ELT(1 + n % 4, "de", "fr", "it", "es"),
           NOW() - INTERVAL n MINUTE, n % 900, REPEAT(HEX(n), 12) FROM ${numbersTo(90_000)}`,
      );
    await setup.query(`ANALYZE TABLE ${table}`);
    await setup.end();
    await ordinaryWork(stage);
    await keepRunning(stage, shop, 80, async (client, turn) => {
      const email = `c${(turn * 311) % 60_000}@example.org`;
      await client.query(`SELECT id, placed_at, total FROM ${table} WHERE customer_email = "${email}"`);
      await pause(10);
    });
    return { culprits: [] };
  },
});
