import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A backfill updates a whole table in one statement; who changes a row that it has passed waits for its end",
  tiers: ["immediate", "performance", "health"],
  majors: [18],
  thresholds: { longRunningSeconds: 10, killCandidateSeconds: 60, manyWaitingSeconds: 3 },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query("CREATE TABLE subscriptions (id int PRIMARY KEY, plan text NOT NULL, paid numeric)");
    await setup.query(
      "INSERT INTO subscriptions SELECT n, 'plan ' || n % 5, 0 FROM generate_series(1, 40000) n",
    );
    await setup.query(
      "CREATE TABLE receipts (id int PRIMARY KEY, subscription int NOT NULL, amount int NOT NULL)",
    );
    await setup.query(
      "INSERT INTO receipts SELECT n, 1 + n % 40000, n % 90 FROM generate_series(1, 80000) n",
    );
    await setup.query("ANALYZE");
    await setup.end();
    await ordinaryWork(stage, 3);
    const backfill = await onePg(stage, "rails-console");
    const culprit = await pidOf(backfill);
    stage.leave(
      backfill.query(
        "UPDATE subscriptions s SET paid = (SELECT sum(r.amount) FROM receipts r WHERE r.subscription = s.id)",
      ),
    );
    await pause(3000);
    const clients = await stage.pgSessions(stage.number(8, 11), "billing-api");
    for (const [index, client] of clients.entries()) {
      stage.leave(client.query(`UPDATE subscriptions SET plan = 'plan 9' WHERE id = ${3 + index * 2}`));
    }
    await pgWaiting(stage, clients.length, 7);
    return { culprits: [culprit] };
  },
});
