import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { slowClient } from "../support/slow-client.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Healthy: mysqldump --single-transaction reads every table through a snapshot, and the application does not notice",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await oneMy(stage, "setup");
    for (const table of ["articles", "stock"]) {
      await setup.query(
        `CREATE TABLE ${table} (id int PRIMARY KEY, title varchar(60) NOT NULL, body varchar(300) NOT NULL)`,
      );
      await setup.query(
        `INSERT INTO ${table} SELECT n, CONCAT('title ', n), REPEAT('x', 200) FROM ${numbersTo(60_000)}`,
      );
    }
    const dump = await slowClient(stage, "mysqldump");
    await dump.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    await dump.query("START TRANSACTION /*!40100 WITH CONSISTENT SNAPSHOT */");
    await dump.query("SHOW CREATE TABLE `articles`");
    await dump.query("SELECT /*!40001 SQL_NO_CACHE */ `id`, `title`, `body` FROM `articles`");
    await dump.query("SHOW CREATE TABLE `stock`");
    dump.readSlowly("SELECT /*!40001 SQL_NO_CACHE */ `id`, `title`, `body` FROM `stock`", 5);
    await pause(12_000);
    return { culprits: [] };
  },
});
