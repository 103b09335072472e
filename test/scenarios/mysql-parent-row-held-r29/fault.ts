import { idOf, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A worker changed a customer's row and waits for its payment provider with the transaction open; new orders of that customer wait behind the foreign key",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await oneMy(stage, "migrations");
    await setup.query(
      "CREATE TABLE customers (id int PRIMARY KEY, name varchar(60) NOT NULL, points int NOT NULL)",
    );
    const rows = Array.from({ length: 300 }, (_, index) => `(${index + 1}, 'customer ${index}', 0)`);
    await setup.query(`INSERT INTO customers VALUES ${rows.join(", ")}`);
    await setup.query(
      "CREATE TABLE purchases (id int AUTO_INCREMENT PRIMARY KEY, customer_id int NOT NULL, amount decimal(10,2) NOT NULL, KEY by_customer (customer_id), FOREIGN KEY (customer_id) REFERENCES customers (id))",
    );
    const holder = await oneMy(stage, "loyalty-worker");
    const customer = stage.number(10, 200);
    await holder.query("START TRANSACTION");
    await holder.query(`SELECT points FROM customers WHERE id = ${customer}`);
    await holder.query(`UPDATE customers SET points = points + 5 WHERE id = ${customer}`);
    // Others' orders go through.
    const quick = await stage.mySessions(2, "webshop");
    await keepRunning(stage, quick, 10, async (client, turn) => {
      await client.query(`INSERT INTO purchases (customer_id, amount) VALUES (${201 + (turn % 90)}, 12.5)`);
      await pause(60);
    });
    const waiting = await stage.mySessions(stage.number(8, 11), "webshop");
    for (const one of waiting) {
      stage.leave(one.query(`INSERT INTO purchases (customer_id, amount) VALUES (${customer}, 30)`));
    }
    // A herring: it sleeps and holds nothing.
    const monitor = await oneMy(stage, "heartbeat");
    stage.leave(monitor.query("SELECT SLEEP(40)"));
    await pause(14_000);
    return { culprits: [idOf(holder)] };
  },
});
