import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A ledger moves money in serializable transactions and tries the few that collide again, as it was built to",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const [owner] = await stage.pgSessions(1, "flyway");
    if (owner === undefined) throw new Error("no session");
    const wallets = stage.number(18_000, 22_000);
    await owner.query(`CREATE TABLE wallet_balances (currency char(3) NOT NULL, wallet bigint NOT NULL, balance numeric(18,2) NOT NULL, PRIMARY KEY (currency, wallet));
      INSERT INTO wallet_balances SELECT 'EUR', n, 100000 FROM generate_series(1, ${wallets}) n;
      CREATE TABLE movements (reference uuid PRIMARY KEY DEFAULT gen_random_uuid(), currency char(3) NOT NULL, wallet bigint NOT NULL,
        amount numeric(18,2) NOT NULL, booked_at timestamptz NOT NULL DEFAULT now());
      CREATE INDEX movements_wallet ON movements (currency, wallet, booked_at)`);
    await owner.query("VACUUM ANALYZE wallet_balances, movements");
    await ordinaryWork(stage, 3);
    const services = await stage.pgSessions(6, "ledger");
    const change = "UPDATE wallet_balances SET balance = balance + $2 WHERE currency = 'EUR' AND wallet = $1";
    await keepRunning(stage, services, 400, async (session, turn) => {
      // One in eight pays into the house's own wallet, where two may meet.
      const to = turn % 8 === 0 ? 1 : 2 + ((turn * 7919) % (wallets - 1));
      const from = 2 + ((turn * 104_729) % (wallets - 1));
      for (let attempt = 0; attempt < 5; attempt += 1) {
        try {
          await session.query("BEGIN ISOLATION LEVEL SERIALIZABLE");
          await session.query(change, [from, -5]);
          await session.query(change, [to, 5]);
          await pause(4);
          await session.query(
            "INSERT INTO movements (currency, wallet, amount) VALUES ('EUR', $1, -5), ('EUR', $2, 5)",
            [from, to],
          );
          await session.query("COMMIT");
          break;
        } catch {
          await session.query("ROLLBACK");
        }
      }
      await pause(stage.number(15, 40));
    });
    await pause(6_000);
    return { culprits: [] };
  },
});
