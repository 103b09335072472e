import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { settled } from "../support/settled.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "order_lines.id is an int, its sequence a bigint that has passed 2147483647: every INSERT fails with integer out of range",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(`CREATE SEQUENCE order_lines_id_seq;
      CREATE TABLE order_lines (id int PRIMARY KEY DEFAULT nextval('order_lines_id_seq'), order_id bigint NOT NULL, sku varchar(20) NOT NULL, quantity int NOT NULL);
      ALTER SEQUENCE order_lines_id_seq OWNED BY order_lines.id;
      SELECT setval('order_lines_id_seq', 2147483647 - 30000);
      INSERT INTO order_lines (order_id, sku, quantity) SELECT 3000000000 + n / 3, 'SKU-' || n % 700, 1 + n % 4 FROM generate_series(1, 30000) n;
      CREATE TABLE order_heads (id bigint GENERATED ALWAYS AS IDENTITY (START WITH 3000010001) PRIMARY KEY, placed_at timestamptz NOT NULL);
      INSERT INTO order_heads (placed_at) SELECT now() - n * interval '1 second' FROM generate_series(1, 2000) n;
      CREATE TABLE baskets (id serial PRIMARY KEY, opened_at timestamptz NOT NULL);
      SELECT setval('baskets_id_seq', 900000000);
      INSERT INTO baskets (opened_at) SELECT now() FROM generate_series(1, 2000) n`);
    await settled(setup, "order_lines, order_heads, baskets");
    const tills = await stage.pgSessions(3, "order-service");
    await keepRunning(stage, tills, 40, async (till, turn) => {
      await till.query("BEGIN");
      try {
        const head = await till.query("INSERT INTO order_heads (placed_at) VALUES (now()) RETURNING id");
        await till.query("INSERT INTO order_lines (order_id, sku, quantity) VALUES ($1, $2, $3)", [
          head.rows[0].id,
          `SKU-${turn % 700}`,
          1 + (turn % 4),
        ]);
        await till.query("COMMIT");
      } catch {
        await till.query("ROLLBACK");
      }
      await pause(60);
    });
    await pause(2000);
    return { culprits: [] };
  },
});
