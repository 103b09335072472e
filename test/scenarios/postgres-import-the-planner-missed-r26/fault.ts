import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [17],
  title:
    "A large import and no ANALYZE since: the planner takes the new batch for one row and joins it in nested loops",
  tiers: ["immediate", "performance"],
  // Autovacuum has not come round yet.
  server: { settings: { autovacuum_naptime: "10min" } },
  thresholds: { longRunningSeconds: 6, killCandidateSeconds: 600 },
  metrics: () => [busyCpu(91)],
  make: async (stage) => {
    const setup = await onePg(stage, "psql");
    for (const [table, key] of [
      ["purchases", "purchase_no"],
      ["settlements", "settlement_no"],
    ] as const) {
      await setup.query(
        `CREATE TABLE ${table} (id int PRIMARY KEY, batch int NOT NULL, ${key} int NOT NULL, amount int)`,
      );
      await setup.query(`CREATE INDEX ${table}_batch_idx ON ${table} (batch)`);
      await setup.query(
        `INSERT INTO ${table} SELECT n, n % 40, n, n % 977 FROM generate_series(1, 60000) AS n`,
      );
    }
    await setup.query("VACUUM ANALYZE");
    await ordinaryWork(stage);
    const importer = await onePg(stage, "nightly-import");
    for (const [table, key] of [
      ["purchases", "purchase_no"],
      ["settlements", "settlement_no"],
    ] as const) {
      await importer.query(
        `INSERT INTO ${table} (id, batch, ${key}, amount) SELECT 100000 + n, 41, 100000 + n, n % 977 FROM generate_series(1, 40000) AS n`,
      );
    }
    const clerks = await stage.pgSessions(3, stage.application());
    await Promise.all(clerks.map(pidOf));
    for (const clerk of clerks) {
      stage.leave(
        clerk.query(
          "SELECT sum(p.amount - s.amount) FROM purchases p JOIN settlements s ON s.settlement_no = p.purchase_no AND s.batch = 41 WHERE p.batch = 41",
        ),
      );
    }
    await pause(9000);
    return { culprits: [] };
  },
});
