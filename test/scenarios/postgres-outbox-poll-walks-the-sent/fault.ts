import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [17],
  title:
    "Relays ask for the oldest unsent messages by id; every sent one is kept, and is walked over first each time",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(91)],
  make: async (stage) => {
    const owner = await openSession(stage.postgres(), { user: "shop" });
    stage.cleanUp(() => owner.end());
    const sent = stage.number(240_000, 300_000);
    await owner.query(`CREATE TABLE outbox_messages (id bigserial PRIMARY KEY, topic text NOT NULL, payload text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(), sent_at timestamptz);
      CREATE INDEX outbox_messages_created ON outbox_messages (created_at);
      INSERT INTO outbox_messages (topic, payload, created_at, sent_at)
        SELECT 'topic' || n % 5, repeat('x', 120), now() - interval '30 days' + n * interval '8 seconds', now() - interval '1 hour'
        FROM generate_series(1, ${sent}) n`);
    await owner.query("VACUUM ANALYZE outbox_messages");
    await ordinaryWork(stage, 3);
    const [writer, ...relays] = await stage.pgSessions(6, "relay");
    if (writer === undefined) throw new Error("no session");
    await keepRunning(stage, [writer], 5, async (session, turn) => {
      await session.query("INSERT INTO outbox_messages (topic, payload) VALUES ($1, $2)", [
        `topic${turn % 5}`,
        "y".repeat(120),
      ]);
      await pause(60);
    });
    await keepRunning(stage, relays, 60, async (relay, turn) => {
      const { rows } = await relay.query(
        "SELECT id, topic, payload FROM outbox_messages WHERE sent_at IS NULL ORDER BY id LIMIT 50",
      );
      const mine = rows[turn % Math.max(1, rows.length)];
      if (mine) await relay.query("UPDATE outbox_messages SET sent_at = now() WHERE id = $1", [mine.id]);
    });
    return { culprits: [] };
  },
});
