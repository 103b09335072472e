import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { settled } from "../support/settled.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A notebook left a repeatable-read transaction open: the outbox's delivered rows cannot be vacuumed, and taking the next ones gets slow",
  majors: [14, 15, 16, 17],
  tiers: ["immediate", "performance", "health"],
  server: { settings: { autovacuum_naptime: "15s" } },
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE outbox (id bigserial PRIMARY KEY, topic varchar(20) NOT NULL, payload varchar(120) NOT NULL)",
    );
    await setup.query(
      "INSERT INTO outbox (topic, payload) SELECT 'order', repeat(md5(n::text), 3) FROM generate_series(1, 150000) AS n",
    );
    await settled(setup, "outbox");
    const notebook = await onePg(stage, "jupyter");
    const culprit = await pidOf(notebook);
    await notebook.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await notebook.query("SELECT topic, count(*) FROM outbox GROUP BY topic");
    const started = Date.now();
    const producer = await stage.pgSessions(1, "checkout-api");
    await keepRunning(stage, producer, 5, async (client) => {
      await client.query(
        "INSERT INTO outbox (topic, payload) SELECT 'order', 'new' FROM generate_series(1, 5)",
      );
      await pause(50);
    });
    const relays = await stage.pgSessions(3, "outbox-relay");
    const drained = 155;
    await keepRunning(stage, relays, drained, async (relay) => {
      await relay.query(
        "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1000)",
      );
      await pause(20);
    });
    await pause(1500);
    await setup.query("SELECT 1");
    await setup.query("VACUUM outbox");
    await pause(Math.max(0, 75_000 - (Date.now() - started)));
    await setup.query("VACUUM outbox");
    await pause(2000);
    return { culprits: [culprit] };
  },
});
