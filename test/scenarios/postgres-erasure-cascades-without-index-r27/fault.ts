import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Deleting old accounts reads the whole event table once for each, for its ON DELETE CASCADE key has no index",
  majors: [17, 14, 15],
  tiers: ["immediate", "performance", "health"],
  metrics: () => [busyCpu(93)],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "watcher");
    await setup.query("CREATE TABLE plans (id int PRIMARY KEY, name text NOT NULL)");
    await setup.query("INSERT INTO plans SELECT n, 'plan ' || n FROM generate_series(1, 8) AS n");
    // Its key to plans has no index either, and needs none: nobody deletes a plan.
    await setup.query(
      "CREATE TABLE accounts (id int PRIMARY KEY, plan_id int NOT NULL REFERENCES plans (id), email text NOT NULL)",
    );
    await setup.query(
      "INSERT INTO accounts SELECT n, 1 + n % 8, 'user' || n || '@example.org' FROM generate_series(1, 20000) AS n",
    );
    await setup.query(
      "CREATE TABLE account_events (id bigserial PRIMARY KEY, account_id int NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, what varchar(40) NOT NULL)",
    );
    await setup.query(
      "INSERT INTO account_events (account_id, what) SELECT 1 + n % 20000, 'signed in from the web' FROM generate_series(1, 200000) AS n",
    );
    await setup.query("ANALYZE plans, accounts, account_events");
    const workers = await stage.pgSessions(2, stage.application());
    await keepRunning(stage, workers, 6, async (worker, turn) => {
      const from = 1 + ((turn * 40) % 19_000);
      await worker.query(`DELETE FROM accounts WHERE id BETWEEN ${from} AND ${from + 39}`);
    });
    return { culprits: [] };
  },
});
