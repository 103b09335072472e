import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A purge has left four hundred of half a million rows, vacuum has been there, and every reload reads the empty pages",
  tiers: ["immediate", "performance"],
  majors: [14],
  thresholds: { slowQuerySeconds: 0.05 },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    const rows = stage.number(480_000, 560_000);
    await setup.query(
      "CREATE TABLE delivery_slots (depot text, slot_at timestamptz, courier uuid NOT NULL, remark text NOT NULL, PRIMARY KEY (depot, slot_at))",
    );
    await setup.query(
      `INSERT INTO delivery_slots SELECT 'D' || n % 60, timestamptz '2024-01-01' + n * interval '1 minute', md5(n::text)::uuid, repeat('note ', 45) FROM generate_series(1, ${rows}) n`,
    );
    await setup.query(
      `DELETE FROM delivery_slots WHERE extract(epoch FROM slot_at - timestamptz '2024-01-01')::bigint / 60 % 1250 <> ${rows % 1250}`,
    );
    await setup.query("VACUUM ANALYZE delivery_slots");
    await setup.query("VACUUM ANALYZE delivery_slots");
    await ordinaryWork(stage);
    // A cache that is loaded whole: no index would be of use to it, and its rows are few.
    const routers = await stage.pgSessions(stage.number(4, 5), "route-planner");
    await keepRunning(stage, routers, 60, (client) =>
      client.query("SELECT depot, slot_at, courier, remark FROM delivery_slots"),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(90)],
});
