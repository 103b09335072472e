import type { RowDataPacket } from "mysql2/promise";
import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { idOf, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

// After https://minervadb.xyz/troubleshooting-innodb-history-length-with-hung-mysql-transaction/ and AWS's insight on history lists
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A notebook's transaction read once and was forgotten; purge waits for it while counters are written all the time",
  server: { settings: { "binlog-row-image": "MINIMAL" } },
  thresholds: { idleInTransactionSeconds: 5 },
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = `${stage.table()}_views`;
    const writers = await stage.mySessions(2, stage.application());
    const [setup] = writers;
    await setup?.query(`CREATE TABLE ${table} (page int PRIMARY KEY, views int NOT NULL)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, 0 FROM ${numbersTo(2000)}`);
    await setup?.query(`CREATE PROCEDURE count_views(IN first INT, IN times INT)
      BEGIN
        DECLARE i INT DEFAULT 0;
        WHILE i < times DO
          UPDATE ${table} SET views = views + 1 WHERE page = first + i MOD 1000;
          SET i = i + 1;
        END WHILE;
      END`);
    await ordinaryWork(stage);
    const notebook = await oneMy(stage, "jupyter");
    await notebook.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    await notebook.query("START TRANSACTION");
    await notebook.query(`SELECT SUM(views) FROM ${table}`);
    await keepRunning(stage, writers, 4, (writer, turn) =>
      writer.query(`CALL count_views(${1 + (turn % 2) * 1000}, 2000)`),
    );
    const monitor = await openSession(stage.mysql());
    stage.cleanUp(() => monitor.end());
    await waitUntil(
      async () => {
        const [[row]] = await monitor.query<RowDataPacket[]>(
          "SELECT COUNT AS n FROM information_schema.innodb_metrics WHERE name = 'trx_rseg_history_len'",
        );
        return Number(row?.["n"]) > 1_100_000;
      },
      { what: "the history is long", timeoutMs: 300_000, everyMs: 500 },
    );
    return { culprits: [idOf(notebook)] };
  },
});
