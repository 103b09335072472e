import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A worker took a merchant's row FOR UPDATE and waits for the payment gateway with its transaction open; every payment of that merchant waits in its foreign key check",
  majors: [14, 16, 17],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE merchants (id int PRIMARY KEY, name text NOT NULL, balance bigint NOT NULL DEFAULT 0)",
    );
    await setup.query(
      `CREATE TABLE card_payments (id bigserial PRIMARY KEY, merchant_id int NOT NULL REFERENCES merchants (id),
       amount int NOT NULL, paid_at timestamptz NOT NULL DEFAULT now())`,
    );
    await setup.query("CREATE INDEX card_payments_merchant ON card_payments (merchant_id)");
    await setup.query("INSERT INTO merchants SELECT n, 'merchant ' || n FROM generate_series(1, 300) AS n");
    await setup.query(
      "INSERT INTO card_payments (merchant_id, amount) SELECT 1 + n % 300, n % 9000 FROM generate_series(1, 30000) AS n",
    );
    await setup.query("VACUUM ANALYZE merchants, card_payments");
    await ordinaryWork(stage);
    // Payments of other merchants go on.
    const others = await stage.pgSessions(2, "checkout");
    await keepRunning(stage, others, 10, async (client, turn) => {
      await client.query("INSERT INTO card_payments (merchant_id, amount) VALUES ($1, $2)", [
        200 + (turn % 90),
        turn,
      ]);
      await pause(40);
    });
    // A herring: it is in a transaction, too, has done its work, and holds nobody up.
    const reader = await onePg(stage, "bi-dashboard");
    await reader.query("BEGIN");
    await reader.query("SELECT count(*) FROM card_payments");
    const holder = await onePg(stage, "capture-worker");
    const culprit = await pidOf(holder);
    await holder.query("BEGIN");
    await holder.query("SELECT balance FROM merchants WHERE id = 17 FOR UPDATE");
    const waiting = await stage.pgSessions(9, "checkout");
    for (const [index, client] of waiting.entries()) {
      stage.leave(
        client.query("INSERT INTO card_payments (merchant_id, amount) VALUES (17, $1)", [100 + index]),
      );
    }
    await pgWaiting(stage, waiting.length, 15);
    return { culprits: [culprit] };
  },
});
