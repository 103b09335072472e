import type { RowDataPacket } from "mysql2";
import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";
import { slowClient } from "../support/slow-client.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Healthy: the nightly mysqldump --single-transaction sends a table over a slow line, one old transaction and one long statement that nobody waits for",
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 6, killCandidateSeconds: 9, idleInTransactionSeconds: 6 },
  make: async (stage) => {
    await ordinaryWork(stage, 3);
    const setup = await oneMy(stage, "migration");
    await setup.query("CREATE TABLE letters (id int PRIMARY KEY, body varchar(500) NOT NULL)");
    await setup.query(`INSERT INTO letters SELECT n, REPEAT('abcdefgh', 50) FROM ${numbersTo(60_000)}`);
    const dump = await slowClient(stage, "mysqldump");
    await dump.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    await dump.query("START TRANSACTION /*!40100 WITH CONSISTENT SNAPSHOT */");
    dump.readSlowly("SELECT /*!40001 SQL_NO_CACHE */ `id`, `body` FROM `letters`", 40);
    const watcher = await openSession(stage.mysql());
    await waitUntil(
      async () => {
        const [[row]] = await watcher.query<RowDataPacket[]>(
          `SELECT time AS seconds FROM information_schema.processlist WHERE id = ${dump.id} AND command = 'Query'`,
        );
        return Number(row?.["seconds"]) >= 11;
      },
      { what: "the dump has sent for a while", timeoutMs: 40_000, everyMs: 300 },
    );
    await watcher.end();
    return { culprits: [] };
  },
});
