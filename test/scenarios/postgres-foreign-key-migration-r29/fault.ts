import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A migration adds a foreign key to a new table, queues behind a batch on the parent, and every new row queues behind it",
  tiers: ["immediate", "performance", "health"],
  majors: [17],
  thresholds: { longRunningSeconds: 10, manyWaitingSeconds: 3 },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query("CREATE TABLE customers (id int PRIMARY KEY, email text NOT NULL, spent numeric)");
    await setup.query(
      "INSERT INTO customers SELECT n, 'c' || n || '@example.org', 0 FROM generate_series(1, 40000) n",
    );
    await setup.query(
      "CREATE TABLE purchases (id int PRIMARY KEY, customer int NOT NULL, amount int NOT NULL)",
    );
    await setup.query(
      "INSERT INTO purchases SELECT n, 1 + n % 40000, n % 90 FROM generate_series(1, 80000) n",
    );
    await setup.query("CREATE TABLE loyalty_cards (id int PRIMARY KEY, customer_id int NOT NULL)");
    await setup.query("ANALYZE");
    await setup.end();
    await ordinaryWork(stage, 2);
    const readers = await stage.pgSessions(2, "storefront");
    await keepRunning(stage, readers, 4, async (reader, turn) => {
      await reader.query(`SELECT email FROM customers WHERE id = ${1 + (turn % 900)}`);
      await pause(60);
    });
    const batch = await onePg(stage, "crm-sync");
    stage.leave(
      batch.query(
        "UPDATE customers c SET spent = (SELECT sum(p.amount) FROM purchases p WHERE p.customer = c.id)",
      ),
    );
    await pause(1500);
    const migration = await onePg(stage, "db-migrate");
    const culprit = await pidOf(migration);
    stage.leave(
      migration.query(
        "ALTER TABLE loyalty_cards ADD CONSTRAINT loyalty_cards_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id)",
      ),
    );
    await pgWaiting(stage, 1, 1);
    const signUps = await stage.pgSessions(stage.number(9, 12), "storefront");
    for (const [index, one] of signUps.entries()) {
      stage.leave(
        one.query(`INSERT INTO customers VALUES (${500_000 + index}, 'new${index}@example.org', 0)`),
      );
    }
    await pgWaiting(stage, signUps.length + 1, 6);
    return { culprits: [culprit] };
  },
});
