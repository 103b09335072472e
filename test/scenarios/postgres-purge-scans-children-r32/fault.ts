import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The purge of closed customers reads the whole table of their events for each customer: the foreign key of the events has no index",
  majors: [17, 16, 14],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(
      `CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, closed boolean NOT NULL);
       INSERT INTO customers SELECT n, 'customer ' || n, n > 20000 FROM generate_series(1, 90000) AS n;
       CREATE TABLE customer_notes (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers (id), note text NOT NULL);
       INSERT INTO customer_notes SELECT n, 1 + n % 20000, 'note ' || n FROM generate_series(1, 40000) AS n;
       CREATE INDEX customer_notes_customer ON customer_notes (customer_id);
       CREATE TABLE customer_events (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers (id), kind text NOT NULL, at timestamptz NOT NULL);
       INSERT INTO customer_events SELECT n, 1 + n % 20000, 'page-view', now() - make_interval(secs => n) FROM generate_series(1, 700000) AS n`,
    );
    await setup.query("VACUUM ANALYZE customers, customer_notes, customer_events");
    await ordinaryWork(stage);
    const shops = await stage.pgSessions(2, "storefront-web");
    await keepRunning(stage, shops, 10, async (client, turn) => {
      await client.query("SELECT name FROM customers WHERE id = $1", [1 + (turn % 20000)]);
      await client.query("SELECT note FROM customer_notes WHERE customer_id = $1", [1 + (turn % 20000)]);
      await pause(40);
    });
    const purges = await stage.pgSessions(3, "gdpr-purge");
    await keepRunning(stage, purges, 12, async (client, turn) => {
      const first = 20_001 + turn * 16;
      await client.query("DELETE FROM customers WHERE id BETWEEN $1 AND $2 AND closed", [first, first + 15]);
    });
    return { culprits: [] };
  },
});
