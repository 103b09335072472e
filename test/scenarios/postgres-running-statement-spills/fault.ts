import { defineScenario } from "../scenario.ts";

/** FreeStorageSpace as CloudWatch would show it; there is no RDS here. */
export const scenario = defineScenario({
  engine: "postgres",
  title: "A join without a condition sorts on disk, has not ended, and fills a volume that has little room",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const [runaway] = await stage.pgSessions(1, stage.application());
    await runaway?.query(`CREATE TABLE ${table} (id int, note text)`);
    await runaway?.query(`INSERT INTO ${table} SELECT n, repeat('x', 100) FROM generate_series(1, 3000) n`);
    await runaway?.query(`ANALYZE ${table}`);
    if (runaway)
      stage.leave(
        runaway.query(`SELECT a.id, b.note FROM ${table} a, ${table} b ORDER BY b.note, a.id OFFSET 8999999`),
      );
    const [spare] = await stage.pgSessions(1, stage.application());
    await spare?.query("SELECT pg_sleep(3)");
    return { culprits: [] };
  },
  metrics: () => [
    {
      id: "FreeStorageSpace",
      namespace: "AWS/RDS",
      dimensions: { DBInstanceIdentifier: "scenario-db" },
      statistic: "Average",
      unit: "Bytes",
      periodSeconds: 60,
      points: [5, 4, 3, 2, 1].map((minutes) => ({
        at: new Date(Date.now() - minutes * 60_000).toISOString(),
        value: 2 * 1024 ** 3,
      })),
    },
  ],
});
