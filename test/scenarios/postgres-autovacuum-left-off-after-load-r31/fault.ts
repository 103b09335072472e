import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Autovacuum was switched off for outbox_messages before a load and never on again: a few hundred messages among hundreds of thousands of dead ones",
  tiers: ["immediate", "performance", "health"],
  server: { settings: { autovacuum_naptime: "3s" } },
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE outbox_messages (id bigserial PRIMARY KEY, topic varchar(20) NOT NULL, state varchar(10) NOT NULL, body varchar(600) NOT NULL)",
    );
    await setup.query("ALTER TABLE outbox_messages SET (autovacuum_enabled = false)");
    await setup.query(
      "INSERT INTO outbox_messages (topic, state, body) SELECT 'topic ' || n % 9, 'new', repeat(md5(n::text), 12) FROM generate_series(1, 6000) n",
    );
    await setup.query("VACUUM ANALYZE outbox_messages");
    for (let day = 0; day < 12; day += 1) {
      await setup.query(
        "INSERT INTO outbox_messages (topic, state, body) SELECT 'topic ' || n % 9, 'new', repeat(md5(n::text), 12) FROM generate_series(1, 30000) n",
      );
      await setup.query(
        "DELETE FROM outbox_messages WHERE id <= (SELECT max(id) - 800 FROM outbox_messages)",
      );
    }
    // A session tells the server its counts only now and then.
    await pause(1200);
    await setup.query("SELECT 1");
    const relays = await stage.pgSessions(3, "outbox-relay");
    await keepRunning(stage, relays, 45, async (relay, turn) => {
      await relay.query(
        "INSERT INTO outbox_messages (topic, state, body) SELECT $1, 'new', repeat(md5(n::text), 12) FROM generate_series(1, 20) n",
        [`topic ${turn % 9}`],
      );
      await relay.query(
        "SELECT topic, count(*) AS waiting FROM outbox_messages WHERE state = 'new' GROUP BY topic",
      );
      await relay.query(
        "DELETE FROM outbox_messages WHERE id IN (SELECT id FROM outbox_messages WHERE state = 'new' LIMIT 20 FOR UPDATE SKIP LOCKED)",
      );
      await pause(30);
    });
    await pause(1500);
    return { culprits: [] };
  },
});
