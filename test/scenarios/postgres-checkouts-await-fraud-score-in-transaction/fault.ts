import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** Each has its own basket, so that nobody waits for a lock: what runs out is the connections. */
export const scenario = defineScenario({
  engine: "postgres",
  majors: [14],
  title:
    "The fraud service answers slowly, and every checkout asks it with its transaction open: most slots are taken by who does nothing",
  server: { maxConnections: 50 },
  thresholds: { idleInTransactionSeconds: 3 },
  unhealed:
    "what is slow is outside the database: the next checkouts wait for it with their transactions open",
  make: async (stage) => {
    const setup = await onePg(stage, "checkout-api");
    await setup.query(
      "CREATE TABLE baskets (shop_code char(2), basket_uuid uuid, state text NOT NULL, total numeric(12,2) NOT NULL, PRIMARY KEY (shop_code, basket_uuid))",
    );
    await setup.query(
      "INSERT INTO baskets SELECT 'DE', ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'open', n FROM generate_series(1, 5000) n",
    );
    await ordinaryWork(stage, 3);
    const checkouts = await stage.pgSessions(stage.number(28, 31), "checkout-api");
    const culprits = await Promise.all(checkouts.map(pidOf));
    await keepRunning(stage, checkouts, 15, async (client, turn) => {
      const basket = `00000000-0000-4000-8000-${String(1 + (turn % 5000)).padStart(12, "0")}`;
      await client.query("BEGIN");
      await client.query(
        'SELECT "baskets"."state", "baskets"."total" FROM "baskets" WHERE "baskets"."shop_code" = $1 AND "baskets"."basket_uuid" = $2 FOR UPDATE',
        ["DE", basket],
      );
      await pause(7000 + ((turn * 977) % 7000));
      await client.query('UPDATE "baskets" SET "state" = $3 WHERE "shop_code" = $1 AND "basket_uuid" = $2', [
        "DE",
        basket,
        "paid",
      ]);
      await client.query("COMMIT");
    });
    await pause(3500);
    return { culprits };
  },
});
