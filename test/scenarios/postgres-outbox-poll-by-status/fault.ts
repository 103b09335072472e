import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** The planner is asked for any status, of which it knows but one: it expects every row, and the oldest ones at once. */
export const scenario = defineScenario({
  engine: "postgres",
  majors: [16],
  title:
    "Relays ask for the oldest pending messages by their status, which every sent one before them has, too",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(91)],
  make: async (stage) => {
    const [writer, ...relays] = await stage.pgSessions(6, "relay");
    if (writer === undefined) throw new Error("no session");
    const sent = stage.number(220_000, 280_000);
    await writer.query(`CREATE TABLE outbox_events (id bigserial PRIMARY KEY, status text NOT NULL DEFAULT 'pending', payload text NOT NULL);
      INSERT INTO outbox_events (status, payload) SELECT 'sent', repeat('x', 120) FROM generate_series(1, ${sent})`);
    await writer.query("VACUUM ANALYZE outbox_events");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, [writer], 5, async (session) => {
      await session.query("INSERT INTO outbox_events (payload) VALUES ($1)", ["y".repeat(120)]);
      await pause(60);
    });
    await keepRunning(stage, relays, 60, async (relay, turn) => {
      const { rows } = await relay.query(
        "SELECT id, payload FROM outbox_events WHERE status = $1 ORDER BY id LIMIT $2",
        ["pending", 50],
      );
      const mine = rows[turn % Math.max(1, rows.length)];
      if (mine) await relay.query("UPDATE outbox_events SET status = 'sent' WHERE id = $1", [mine.id]);
    });
    return { culprits: [] };
  },
});
