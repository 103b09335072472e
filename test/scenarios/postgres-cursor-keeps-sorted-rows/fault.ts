import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A cursor keeps a sort of a hundred megabytes on disk, does not grow, and there is room for a thousand",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const [reader] = await stage.pgSessions(1, stage.application());
    await reader?.query(`CREATE TABLE ${table} (id int, note text)`);
    await reader?.query(`INSERT INTO ${table} SELECT n, repeat('x', 400) FROM generate_series(1, 250000) n`);
    await reader?.query(`ANALYZE ${table}`);
    await reader?.query("BEGIN");
    await reader?.query(`DECLARE sorted CURSOR FOR SELECT * FROM ${table} ORDER BY md5(id::text)`);
    await reader?.query("FETCH 10 FROM sorted");
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
        value: 200 * 1024 ** 3,
      })),
    },
  ],
});
