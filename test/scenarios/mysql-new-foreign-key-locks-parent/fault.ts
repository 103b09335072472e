import { openSession } from "../../lab/engines/sql.ts";
import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A new table with a foreign key waits for its parent, which an open transaction has read: the parent's readers queue",
  thresholds: { longRunningSeconds: 4, killCandidateSeconds: 6, idleInTransactionSeconds: 6 },
  make: async (stage) => {
    const migration = await oneMy(stage, "flyway");
    await migration.query(
      "CREATE TABLE customers (id int PRIMARY KEY, email varchar(80) NOT NULL, tier int NOT NULL)",
    );
    const rows = Array.from({ length: 300 }, (_, n) => `(${n + 1}, 'c${n}@example.com', ${n % 4})`);
    await migration.query(`INSERT INTO customers VALUES ${rows.join(", ")}`);
    await ordinaryWork(stage, 3);
    const notebook = await oneMy(stage, "notebook");
    await notebook.query("SET autocommit = 0");
    await notebook.query("SELECT tier, COUNT(*) FROM customers GROUP BY tier");
    stage.leave(
      migration.query(`CREATE TABLE loyalty_points (id bigint AUTO_INCREMENT PRIMARY KEY, customer_id int NOT NULL,
        points int NOT NULL, CONSTRAINT fk_loyalty_customer FOREIGN KEY (customer_id) REFERENCES customers (id))`),
    );
    const clock = await openSession(stage.mysql());
    stage.cleanUp(() => clock.end());
    await clock.query("SELECT SLEEP(1)");
    const clients = await stage.mySessions(stage.number(12, 18), "storefront");
    for (const [index, client] of clients.entries())
      stage.leave(client.query("SELECT email, tier FROM customers WHERE id = ?", [index + 1]));
    await myWaiting(stage, clients.length + 1, 8);
    return { culprits: [idOf(migration), idOf(notebook)] };
  },
});
