import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "mysqldump --single-transaction reads a big table while the shop writes: nobody waits for it",
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 3, idleInTransactionSeconds: 3 },
  make: async (stage) => {
    const table = stage.table();
    const dump = await oneMy(stage, "mysqldump");
    const clients = await stage.mySessions(4, stage.application());
    await dump.query(`CREATE TABLE ${table} (id int PRIMARY KEY, body varchar(400), n int)`);
    await dump.query(`INSERT INTO ${table} SELECT n, REPEAT('d', 300), 0 FROM ${numbersTo(90_000)}`);
    await dump.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    await dump.query("START TRANSACTION /*!40100 WITH CONSISTENT SNAPSHOT */");
    // It writes what it reads to a slow disk: the server waits for it as it would wait for any slow reader.
    stage.leave(dump.query(`SELECT /*!40001 SQL_NO_CACHE */ d.*, SLEEP(0.001) FROM ${table} d`));
    await keepRunning(stage, clients, 700, async (client, turn) => {
      await client.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${1 + ((turn * 7919) % 90_000)}`);
      await client.query("SELECT SLEEP(0.02)");
    });
    return { culprits: [] };
  },
});
