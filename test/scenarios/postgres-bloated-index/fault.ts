import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Hygiene: nearly all rows were deleted and the index kept its size",
  tiers: ["immediate", "performance", "health"],
  thresholds: { indexBloatMinMb: 1 },
  make: async (stage) => {
    const table = stage.table();
    const [setup] = await stage.pgSessions(1, stage.application());
    const rows = stage.number(60_000, 90_000);
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, code text)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, md5(n::text) FROM generate_series(1, ${rows}) n`);
    await setup?.query(`CREATE INDEX ON ${table} (code)`);
    await setup?.query(`DELETE FROM ${table} WHERE id % 12 <> 0`);
    await setup?.query(`VACUUM ANALYZE ${table}`);
    return { culprits: [] };
  },
});
