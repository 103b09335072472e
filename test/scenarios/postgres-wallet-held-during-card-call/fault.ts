import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

const tenant = "0b54a1a2-6a1f-4c1e-9b0e-5f3f6a7d1e00";
const wallet = (n: number): string => `7c9e6679-7425-40de-944b-${String(n).padStart(12, "0")}`;
const lockWallet =
  'SELECT "wallets"."tenant_id", "wallets"."wallet_id", "wallets"."balance" FROM "wallets" WHERE ("wallets"."tenant_id" = $1 AND "wallets"."wallet_id" = $2) FOR UPDATE';

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A request has locked a wallet and waits for the card provider; payouts of that wallet queue, its sisters think briefly",
  majors: [14],
  thresholds: { idleInTransactionSeconds: 4, manyWaitingSeconds: 2 },
  make: async (stage) => {
    const holder = await onePg(stage, "payments-api");
    await holder.query(
      "CREATE TABLE wallets (tenant_id uuid, wallet_id uuid, balance numeric(14,2) NOT NULL, PRIMARY KEY (tenant_id, wallet_id))",
    );
    await holder.query(
      `INSERT INTO wallets SELECT '${tenant}', ('7c9e6679-7425-40de-944b-' || lpad(n::text, 12, '0'))::uuid, 100 FROM generate_series(1, 3000) n`,
    );
    await ordinaryWork(stage);
    // The same code of the same service on other wallets: a fifth of a second in a transaction, then on.
    const sisters = await stage.pgSessions(5, "payments-api");
    await keepRunning(stage, sisters, 10, async (client, turn) => {
      const id = wallet(100 + (turn % 2000));
      await client.query("BEGIN");
      await client.query(lockWallet, [tenant, id]);
      await pause(200);
      await client.query("UPDATE wallets SET balance = balance - 1 WHERE tenant_id = $1 AND wallet_id = $2", [
        tenant,
        id,
      ]);
      await client.query("COMMIT");
      await pause(40);
    });
    const culprit = await pidOf(holder);
    await holder.query("BEGIN");
    await holder.query(lockWallet, [tenant, wallet(7)]);
    const payouts = await stage.pgSessions(stage.number(4, 7), "payouts-cron");
    for (const client of payouts) {
      await client.query("BEGIN");
      stage.leave(client.query(lockWallet, [tenant, wallet(7)]));
    }
    await pgWaiting(stage, payouts.length, 6);
    return { culprits: [culprit] };
  },
});
