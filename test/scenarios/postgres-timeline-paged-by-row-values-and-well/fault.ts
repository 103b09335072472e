import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [18],
  title:
    "Timelines are paged by the row they ended at, along an index made for it; much is asked, little is read",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(63)],
  make: async (stage) => {
    const setup = await onePg(stage, "timeline-api");
    await setup.query(
      "CREATE TABLE timeline_items (owner_id uuid NOT NULL, published_at timestamptz NOT NULL, item_id bigint NOT NULL, kind smallint NOT NULL, payload jsonb NOT NULL, PRIMARY KEY (owner_id, published_at, item_id))",
    );
    await setup.query(
      "INSERT INTO timeline_items SELECT ('aaaaaaaa-0000-4000-8000-' || lpad((n % 300)::text, 12, '0'))::uuid, now() - n * interval '4 seconds', n, n % 5, '{\"text\": \"hello\"}' FROM generate_series(1, 120000) n",
    );
    await setup.query("VACUUM ANALYZE timeline_items");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, [setup], 20, async (client, turn) => {
      await client.query("INSERT INTO timeline_items VALUES ($1, clock_timestamp(), $2, 1, '{}')", [
        `aaaaaaaa-0000-4000-8000-${String(turn % 300).padStart(12, "0")}`,
        1_000_000 + turn,
      ]);
      await pause(15);
    });
    const readers = await stage.pgSessions(stage.number(5, 7), "timeline-api");
    await keepRunning(stage, readers, 1200, async (client, turn) => {
      const owner = `aaaaaaaa-0000-4000-8000-${String(turn % 300).padStart(12, "0")}`;
      const page = "SELECT published_at, item_id, kind, payload FROM timeline_items WHERE owner_id = $1";
      const { rows } = await client.query(`${page} ORDER BY published_at DESC, item_id DESC LIMIT 25`, [
        owner,
      ]);
      const last = rows.at(-1);
      await client.query(
        `${page} AND (published_at, item_id) < ($2, $3) ORDER BY published_at DESC, item_id DESC LIMIT 25`,
        [owner, last?.published_at, last?.item_id],
      );
      await pause(3);
    });
    return { culprits: [] };
  },
});
