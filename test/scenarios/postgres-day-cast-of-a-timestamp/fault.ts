import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A dashboard of the day casts a timestamp with time zone to a date: the index on it is of no use, and none can be made",
  tiers: ["immediate", "performance"],
  majors: [15],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    const rows = stage.number(420_000, 520_000);
    await setup.query(
      "CREATE TABLE purchases (order_no text PRIMARY KEY, placed_at timestamptz NOT NULL, shop_code char(3) NOT NULL, total numeric(10,2) NOT NULL)",
    );
    await setup.query(
      `INSERT INTO purchases SELECT 'SO-' || n, now() - n * interval '95 seconds', (ARRAY['BER','AMS','LYS','VIE'])[1 + n % 4], 20 + n % 90 FROM generate_series(1, ${rows}) n`,
    );
    await setup.query("CREATE INDEX purchases_placed_at ON purchases (placed_at)");
    await setup.query("VACUUM ANALYZE purchases");
    await ordinaryWork(stage);
    const tills = await stage.pgSessions(2, "tills");
    await keepRunning(stage, tills, 10, async (client) => {
      await client.query("SELECT order_no FROM purchases WHERE placed_at > now() - interval '15 minutes'");
      await pause(30);
    });
    const screens = await stage.pgSessions(stage.number(4, 5), "store-dashboard");
    await keepRunning(stage, screens, 40, (client, turn) =>
      client.query(
        "SELECT count(*), sum(total) FROM purchases WHERE placed_at::date = current_date - $1::int AND shop_code = $2",
        [turn % 5, ["BER", "AMS", "LYS", "VIE"][turn % 4]],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(93)],
});
