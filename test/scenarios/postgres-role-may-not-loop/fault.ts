import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Somebody set enable_nestloop to off for the application's role, for one report: each order page hashes whole tables",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query("CREATE TABLE orders (id int PRIMARY KEY, buyer int NOT NULL, placed int NOT NULL)");
    await setup.query(
      "CREATE TABLE lines (id int PRIMARY KEY, order_id int NOT NULL, sku int NOT NULL, n int NOT NULL)",
    );
    await setup.query("INSERT INTO orders SELECT n, n % 20000, n FROM generate_series(1, 100000) AS n");
    await setup.query(
      "INSERT INTO lines SELECT n, 1 + n % 100000, n % 500, n % 9 FROM generate_series(1, 900000) AS n",
    );
    await setup.query("CREATE INDEX ON orders (buyer)");
    await setup.query("CREATE INDEX ON lines (order_id)");
    await setup.query("VACUUM ANALYZE orders");
    await setup.query("VACUUM ANALYZE lines");
    await setup.query("ALTER ROLE CURRENT_USER SET enable_nestloop = off");
    stage.cleanUp(() => setup.query("ALTER ROLE CURRENT_USER RESET enable_nestloop"));
    const pages = await stage.pgSessions(3, "order-pages");
    await keepRunning(stage, pages, 60, (session, turn) =>
      session.query(
        "SELECT o.id, sum(l.n) FROM orders o JOIN lines l ON l.order_id = o.id WHERE o.buyer = $1 GROUP BY o.id",
        [turn % 20000],
      ),
    );
    return { culprits: [] };
  },
});
