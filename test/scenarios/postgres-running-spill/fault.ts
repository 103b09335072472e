import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { context, reading, trend } from "../support/rds.ts";

const gib = 1024 ** 3;

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "One export sorts far more than work_mem holds: it has written gigabytes of temporary files and is not done",
  tiers: ["immediate", "performance", "health"],
  majors: [18],
  server: { settings: { work_mem: "1MB" } },
  thresholds: { longRunningSeconds: 10 },
  make: async (stage) => {
    const table = stage.table();
    const setup = await onePg(stage, stage.application());
    const report = await onePg(stage, "exports");
    await setup.query(`CREATE TABLE ${table} (id int PRIMARY KEY, body text)`);
    await setup.query(
      `INSERT INTO ${table} SELECT n, md5(n::text) || repeat('-', 300) FROM generate_series(1, 400000) n`,
    );
    await setup.query(`ANALYZE ${table}`);
    stage.leave(
      report.query(
        `SELECT a.id, a.body, k FROM ${table} a CROSS JOIN generate_series(1, 36) k ORDER BY md5(a.body || k), k LIMIT 10 OFFSET 13000000`,
      ),
    );
    await setup.query("SELECT pg_sleep(14)");
    return { culprits: [] };
  },
  metrics: () => [trend("FreeStorageSpace", 61 * gib, 34 * gib)],
  context: () =>
    context({
      readings: [
        reading(trend("FreeStorageSpace", 61 * gib, 34 * gib), "bytes", {
          day: 62 * gib,
          capacity: 100 * gib,
        }),
      ],
    }),
});
