import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "A staging table is truncated and loaded again and again, read in between, and merged into prices",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const staging = stage.table();
    const prices = stage.table();
    const [loader, ...readers] = await stage.mySessions(4, stage.application());
    if (loader === undefined) throw new Error("no session");
    await loader.query(`CREATE TABLE ${staging} (sku int PRIMARY KEY, price int NOT NULL)`);
    await loader.query(`CREATE TABLE ${prices} (sku int PRIMARY KEY, price int NOT NULL)`);
    await loader.query(`INSERT INTO ${prices} SELECT n, n % 500 FROM ${numbersTo(4000)}`);
    await ordinaryWork(stage, 4);
    await keepRunning(stage, readers, 60, async (client, turn) => {
      await client.query(`SELECT price FROM ${prices} WHERE sku = ?`, [1 + (turn % 4000)]);
      if (turn % 6 === 0) await client.query(`SELECT COUNT(*) FROM ${staging}`);
      await pause(30);
    });
    await keepRunning(stage, [loader], 8, async (client) => {
      await client.query(`TRUNCATE TABLE ${staging}`);
      await client.query(`INSERT INTO ${staging} SELECT n, n % 470 FROM ${numbersTo(2000)}`);
      await client.query(
        `INSERT INTO ${prices} SELECT sku, price FROM ${staging} ON DUPLICATE KEY UPDATE price = VALUES(price)`,
      );
      await pause(stage.number(300, 700));
    });
    return { culprits: [] };
  },
});
