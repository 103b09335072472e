import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A backfill fills a new column range by range, commits each and rests; the shop reads and writes the same table beside it",
  tiers: ["immediate", "performance"],
  majors: [15],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    const rows = stage.number(160_000, 200_000);
    await setup.query(
      "CREATE TABLE customers (country char(2), customer_no int, email text NOT NULL, email_norm text, PRIMARY KEY (country, customer_no))",
    );
    await setup.query(
      `INSERT INTO customers SELECT 'DE', n, 'User' || n || '@Example.com' FROM generate_series(1, ${rows}) n`,
    );
    await setup.query("VACUUM ANALYZE customers");
    await ordinaryWork(stage);
    const shops = await stage.pgSessions(3, "accounts-api");
    await keepRunning(stage, shops, 10, async (client, turn) => {
      const n = 1 + ((turn * 7919) % rows);
      await client.query("SELECT email FROM customers WHERE country = 'DE' AND customer_no = $1", [n]);
      if (turn % 6 === 0) {
        await client.query("UPDATE customers SET email = email WHERE country = 'DE' AND customer_no = $1", [
          n,
        ]);
      }
      await pause(15);
    });
    const job = await stage.pgSessions(1, "sidekiq:BackfillEmails");
    await keepRunning(stage, job, 60, async (client, turn) => {
      const from = (turn * 500) % rows;
      await client.query(
        "UPDATE customers SET email_norm = lower(email) WHERE country = 'DE' AND customer_no > $1 AND customer_no <= $2",
        [from, from + 500],
      );
      await pause(60);
    });
    return { culprits: [] };
  },
});
