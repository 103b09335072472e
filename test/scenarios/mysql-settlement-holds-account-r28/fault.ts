import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A settlement job changed an account's row, waits for its bank inside the transaction, and every new purchase of that account waits for the foreign key",
  tiers: ["immediate", "performance", "health"],
  thresholds: { idleInTransactionSeconds: 4, manyWaitingSeconds: 3 },
  make: async (stage) => {
    await ordinaryWork(stage);
    const settlement = await oneMy(stage, "settlement");
    await settlement.query(
      "CREATE TABLE accounts (id int PRIMARY KEY, name varchar(40) NOT NULL, balance int NOT NULL)",
    );
    await settlement.query(`CREATE TABLE purchases (id int AUTO_INCREMENT PRIMARY KEY, account_id int NOT NULL,
      amount int NOT NULL, CONSTRAINT purchase_of_account FOREIGN KEY (account_id) REFERENCES accounts (id))`);
    const accounts = Array.from({ length: 60 }, (_, index) => `(${index + 1}, 'account ${index}', 0)`);
    await settlement.query(`INSERT INTO accounts VALUES ${accounts.join(", ")}`);
    // Purchases of other accounts go on all the time.
    const others = await stage.mySessions(2, "storefront");
    await keepRunning(stage, others, 10, async (one, turn) => {
      await one.query(`INSERT INTO purchases (account_id, amount) VALUES (${20 + (turn % 40)}, 5)`);
      await pause(40);
    });
    const account = stage.number(1, 9);
    await settlement.query("START TRANSACTION");
    await settlement.query(`UPDATE accounts SET balance = balance - 100 WHERE id = ${account}`);
    const buyers = await stage.mySessions(8, "storefront");
    for (const one of buyers) {
      stage.leave(one.query(`INSERT INTO purchases (account_id, amount) VALUES (${account}, 12)`));
    }
    await myWaiting(stage, 8, 8);
    return { culprits: [idOf(settlement)] };
  },
});
