import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A crawler turns the last pages of a catalogue: each reads the index in order and skips nearly all of it",
  tiers: ["immediate", "performance"],
  majors: [17],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    const rows = stage.number(380_000, 420_000);
    await setup.query(
      "CREATE TABLE listings (slug text PRIMARY KEY, seller text NOT NULL, published timestamptz NOT NULL, blurb text NOT NULL)",
    );
    await setup.query(
      `INSERT INTO listings SELECT 'item-' || n, 'seller ' || n % 5000, now() - n * interval '3 minutes', repeat('lorem ', 12) FROM generate_series(1, ${rows}) n`,
    );
    await setup.query("CREATE INDEX listings_newest ON listings (published DESC, slug DESC)");
    await setup.query("VACUUM ANALYZE listings");
    await setup.query("CREATE TABLE currencies (code char(3), rate numeric)");
    await setup.query(
      "INSERT INTO currencies SELECT 'C' || lpad(n::text, 2, '0'), n FROM generate_series(1, 90) n",
    );
    await ordinaryWork(stage);
    // Read whole a hundred times a second, and rightly: it has ninety rows.
    const rates = await stage.pgSessions(1, "pricing");
    await keepRunning(stage, rates, 20, async (client, turn) => {
      await client.query("SELECT rate FROM currencies WHERE code = $1", [`C${10 + (turn % 80)}`]);
      await pause(10);
    });
    const crawlers = await stage.pgSessions(stage.number(3, 4), "catalog-web");
    await keepRunning(stage, crawlers, 40, (client, turn) =>
      client.query(
        'SELECT "listings"."slug", "listings"."seller", "listings"."published" FROM "listings" ORDER BY "listings"."published" DESC, "listings"."slug" DESC LIMIT $1 OFFSET $2',
        [48, rows - 60_000 + ((turn * 48) % 50_000)],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(92)],
});
