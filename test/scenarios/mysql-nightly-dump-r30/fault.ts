import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { slowClient } from "../support/slow-client.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "Healthy: mysqldump --single-transaction has its snapshot open and reads a big table; nobody waits",
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 5, idleInTransactionSeconds: 5 },
  make: async (stage) => {
    const table = stage.table();
    const setup = await oneMy(stage, stage.application());
    await setup.query(
      `CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, state varchar(20) NOT NULL, body varchar(600) NOT NULL)`,
    );
    await setup.query(
      `INSERT INTO ${table} (state, body) SELECT 'done', REPEAT(SHA2(n, 256), 8) FROM ${numbersTo(60_000)}`,
    );
    await ordinaryWork(stage, 4);
    const dump = await slowClient(stage, "mysqldump");
    await dump.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    await dump.query("START TRANSACTION /*!40100 WITH CONSISTENT SNAPSHOT */");
    dump.readSlowly(`SELECT /*!40001 SQL_NO_CACHE */ * FROM ${table}`, 30);
    await pause(12_000);
    return { culprits: [] };
  },
});
