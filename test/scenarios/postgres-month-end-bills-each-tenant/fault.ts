import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The month is billed tenant by tenant at full speed: short transactions by index, nobody waits, the CPU is busy",
  tiers: ["immediate", "performance"],
  majors: [17],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    const tenants = stage.number(380, 460);
    await setup.query(
      "CREATE TABLE usage_events (tenant text, at timestamptz, units int NOT NULL, PRIMARY KEY (tenant, at))",
    );
    await setup.query(
      `INSERT INTO usage_events SELECT 't' || n % ${tenants}, timestamptz '2025-05-01' + n * interval '12 seconds', n % 17 FROM generate_series(1, 220000) n`,
    );
    await setup.query(
      "CREATE TABLE bills (tenant text, month date, units bigint NOT NULL, state text NOT NULL, PRIMARY KEY (tenant, month))",
    );
    await setup.query("VACUUM ANALYZE usage_events");
    await ordinaryWork(stage, 3);
    const workers = await stage.pgSessions(2, "billing-run");
    await keepRunning(stage, workers, 200, async (client, turn) => {
      await client.query("BEGIN");
      await client.query(
        "INSERT INTO bills SELECT tenant, date '2025-05-01', sum(units), 'draft' FROM usage_events WHERE tenant = $1 AND at >= '2025-05-01' AND at < '2025-06-01' GROUP BY tenant ON CONFLICT (tenant, month) DO UPDATE SET units = excluded.units",
        [`t${turn % tenants}`],
      );
      await client.query("UPDATE bills SET state = 'final' WHERE tenant = $1 AND month = '2025-05-01'", [
        `t${turn % tenants}`,
      ]);
      await client.query("COMMIT");
      await pause(3);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(70)],
});
