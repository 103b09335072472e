import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "A report by INSERT … SELECT locks every row that it reads; the shop's updates wait behind a reader",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const holder = await oneMy(stage, stage.application());
    const waiters = await stage.mySessions(stage.number(4, 9), stage.application());
    await holder.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, owner_id int NOT NULL, amount int NOT NULL)`,
    );
    await holder.query(`INSERT INTO ${table} SELECT n, n % 40, n % 900 FROM ${numbersTo(20_000)}`);
    await holder.query(`CREATE TABLE ${table}_per_owner (owner_id int PRIMARY KEY, total bigint)`);
    const heavy = "SUM(amount + BENCHMARK(20000, SHA2(id, 256)))";
    stage.leave(
      holder.query(
        `INSERT INTO ${table}_per_owner SELECT owner_id, ${heavy} FROM ${table} GROUP BY owner_id`,
      ),
    );
    const watcher = await oneMy(stage, "watcher");
    await watcher.query("SELECT SLEEP(2)");
    for (const [index, waiter] of waiters.entries()) {
      stage.leave(waiter.query(`UPDATE ${table} SET amount = amount + 1 WHERE id = ${index + 1}`));
    }
    await myWaiting(stage, waiters.length, 3);
    return { culprits: [idOf(holder)] };
  },
});
