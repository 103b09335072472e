import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A forgotten transaction looked FOR UPDATE for what is not there: the gap is locked, nobody can insert",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const application = stage.application();
    const holder = await oneMy(stage, application);
    const waiters = await stage.mySessions(stage.number(4, 12), application);
    await holder.query(
      `CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, customer int, KEY (customer))`,
    );
    await holder.query(`INSERT INTO ${table} (customer) VALUES (10), (20), (30), (40)`);
    await holder.query("START TRANSACTION");
    await holder.query(`SELECT id FROM ${table} WHERE customer = 900 FOR UPDATE`);
    for (const [index, waiter] of waiters.entries()) {
      stage.leave(waiter.query(`INSERT INTO ${table} (customer) VALUES (${910 + index})`));
    }
    await myWaiting(stage, waiters.length, 2);
    return { culprits: [idOf(holder)] };
  },
});
