import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Somebody corrected one row by an unindexed column in a console without autocommit, locked all rows and went to lunch",
  thresholds: { idleInTransactionSeconds: 5 },
  make: async (stage) => {
    const setup = await oneMy(stage, "migrations");
    await setup.query(
      "CREATE TABLE accounts (id int PRIMARY KEY, email varchar(60) NOT NULL, balance int NOT NULL, note varchar(40))",
    );
    await setup.query(
      `INSERT INTO accounts SELECT n, CONCAT('user', n, '@example.org'), n % 700, NULL FROM ${numbersTo(3000)}`,
    );
    await ordinaryWork(stage);
    const console = await oneMy(stage, "DBeaver 24.2.1 - SQLEditor <Console>");
    await console.query("SET autocommit = 0");
    await console.query("SELECT * FROM accounts WHERE email = 'user77@example.org'");
    await console.query("UPDATE accounts SET note = 'goodwill' WHERE email = 'user77@example.org'");
    const count = stage.number(6, 8);
    const workers = await stage.mySessions(count, stage.application());
    workers.forEach((worker, index) => {
      stage.leave(worker.query(`UPDATE accounts SET balance = balance - 5 WHERE id = ${index * 211 + 12}`));
    });
    await myWaiting(stage, count, 12);
    return { culprits: [idOf(console)] };
  },
});
