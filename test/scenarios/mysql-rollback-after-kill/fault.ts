import { openSession } from "../../lab/engines/sql.ts";
import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "Somebody has killed a huge update; it rolls back, keeps its locks, and cannot be killed any more",
  thresholds: { idleInTransactionSeconds: 3, longRunningSeconds: 3, killCandidateSeconds: 5 },
  make: async (stage) => {
    const table = stage.table();
    const batch = await oneMy(stage, stage.application());
    const waiters = await stage.mySessions(stage.number(6, 10), stage.application());
    await batch.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, tag varchar(40), n int, KEY by_tag (tag), KEY by_n (n))`,
    );
    for (let part = 0; part < 5; part += 1)
      await batch.query(
        `INSERT INTO ${table} SELECT n + ${part * 50_000}, HEX(n * 7919), n FROM ${numbersTo(50_000)}`,
      );
    await batch.query("START TRANSACTION");
    await batch.query(`UPDATE ${table} SET tag = CONCAT(HEX(id * 7919), "x"), n = n * 3 + 1`);
    const person = await openSession(stage.mysql());
    await person.query(`CALL mysql.rds_kill(${idOf(batch)})`);
    await person.end();
    for (const [index, waiter] of waiters.entries())
      stage.leave(waiter.query(`UPDATE ${table} SET n = 0 WHERE id = ${index + 1}`));
    await myWaiting(stage, waiters.length, 2);
    return { culprits: [] };
  },
});
