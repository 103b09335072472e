import { makeTable, onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A payout locks its merchant's row FOR UPDATE and then waits for a bank's answer; every new order of that merchant waits for its foreign key's parent",
  majors: [15],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await makeTable(setup, "merchants");
    await setup.query(
      `CREATE TABLE merchant_orders (id bigserial PRIMARY KEY, merchant_id int NOT NULL REFERENCES merchants (id), amount int NOT NULL);
       INSERT INTO merchant_orders (merchant_id, amount) SELECT 1 + n % 50, n % 900 FROM generate_series(1, 4000) AS n;
       CREATE INDEX merchant_orders_merchant ON merchant_orders (merchant_id)`,
    );
    const merchant = stage.number(2, 49);
    const payout = await onePg(stage, "payouts");
    const culprit = await pidOf(payout);
    await payout.query("BEGIN");
    await payout.query("SELECT id, state, n FROM merchants WHERE id = $1 FOR UPDATE", [merchant]);
    await payout.query("SELECT sum(amount) FROM merchant_orders WHERE merchant_id = $1", [merchant]);
    const orders = await stage.pgSessions(16, "order-api");
    for (const order of orders) {
      stage.leave(
        order.query("INSERT INTO merchant_orders (merchant_id, amount) VALUES ($1, 25)", [merchant]),
      );
    }
    await pgWaiting(stage, orders.length, 22);
    return { culprits: [culprit] };
  },
});
