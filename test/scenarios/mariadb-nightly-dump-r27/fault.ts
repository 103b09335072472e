import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";
import { slowClient } from "../support/slow-client.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Nothing: mysqldump --single-transaction reads a table for long, as every night, and nobody waits for it",
  thresholds: { longRunningSeconds: 3, killCandidateSeconds: 6, idleInTransactionSeconds: 3 },
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const setup = await oneMy(stage, stage.application());
    await setup.query(
      `CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, state varchar(20) NOT NULL, body varchar(600) NOT NULL)`,
    );
    await setup.query(
      `INSERT INTO ${table} (state, body) SELECT 'done', REPEAT(MD5(n), 15) FROM ${numbersTo(80_000)}`,
    );
    await ordinaryWork(stage);
    const dump = await slowClient(stage, "mysqldump");
    await dump.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    await dump.query("START TRANSACTION /*!40100 WITH CONSISTENT SNAPSHOT */");
    dump.readSlowly(`SELECT /*!40001 SQL_NO_CACHE */ * FROM \`${table}\``, 40);
    for (const id of [1, 2, 3, 4, 5, 6, 7, 8]) {
      await setup.query(`UPDATE ${table} SET state = 'seen' WHERE id = ${id}`);
      await setup.query("SELECT SLEEP(1)");
    }
    return { culprits: [] };
  },
});
