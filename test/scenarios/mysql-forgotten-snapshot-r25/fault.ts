import type { RowDataPacket } from "mysql2/promise";
import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { idOf, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A notebook has left a snapshot open and sits idle; purge cannot go on, and the history list grows and grows",
  tiers: ["immediate", "performance", "health"],
  thresholds: { idleInTransactionSeconds: 5, longRunningSeconds: 10, killCandidateSeconds: 20 },
  make: async (stage) => {
    const table = stage.table();
    const notebook = await oneMy(stage, "jupyter");
    const writers = await stage.mySessions(3, stage.application());
    await notebook.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, seen int NOT NULL, at datetime(3) NOT NULL, KEY by_at (at))`,
    );
    await notebook.query(`INSERT INTO ${table} SELECT n, 0, NOW(3) FROM ${numbersTo(3000)}`);
    // Each update is a transaction of its own, as from an application with many more clients.
    await notebook.query(
      `CREATE PROCEDURE visit_${table}(IN start int, IN times int)
       BEGIN
         DECLARE i int DEFAULT 0;
         WHILE i < times DO
           UPDATE ${table} SET seen = seen + 1, at = NOW(3) WHERE id = 1 + (start + i) % 3000;
           SET i = i + 1;
         END WHILE;
       END`,
    );
    await ordinaryWork(stage);
    await notebook.query("START TRANSACTION");
    await notebook.query(`SELECT COUNT(*), MAX(at) FROM ${table}`);
    await keepRunning(stage, writers, 3, (writer, turn) =>
      writer.query(`CALL visit_${table}(${(turn % 3) * 1000}, 900)`),
    );
    const monitor = await openSession(stage.mysql());
    await waitUntil(
      async () => {
        const [rows] = await monitor.query<RowDataPacket[]>(
          "SELECT count AS n FROM information_schema.innodb_metrics WHERE name = 'trx_rseg_history_len'",
        );
        return Number(rows[0]?.["n"]) > 250_000;
      },
      { what: "the history list is long", timeoutMs: 150_000, everyMs: 500 },
    );
    await monitor.end();
    return { culprits: [idOf(notebook)] };
  },
});
