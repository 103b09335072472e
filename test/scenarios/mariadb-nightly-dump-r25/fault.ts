import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { slowClient } from "../support/slow-client.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Nothing is wrong: the nightly mysqldump --single-transaction reads a large table, and nobody waits for it",
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 5, killCandidateSeconds: 60, idleInTransactionSeconds: 5 },
  make: async (stage) => {
    const table = stage.table();
    const setup = await oneMy(stage, "setup");
    await setup.query(`CREATE TABLE ${table} (id int PRIMARY KEY, body varchar(800) NOT NULL)`);
    await setup.query(`INSERT INTO ${table} SELECT n, REPEAT(HEX(n * 7919), 80) FROM ${numbersTo(60_000)}`);
    await setup.end();
    await ordinaryWork(stage, 3);
    const dump = await slowClient(stage, "mysqldump");
    await dump.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    await dump.query("START TRANSACTION /*!40100 WITH CONSISTENT SNAPSHOT */");
    await dump.query("SAVEPOINT sp");
    dump.readSlowly(`SELECT /*!40001 SQL_NO_CACHE */ * FROM ${table}`, 60);
    await pause(9000);
    return { culprits: [] };
  },
});
