import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Hygiene: an application writes statements of ever new shapes, and their statistics throw out the older ones",
  tiers: ["immediate", "performance"],
  server: { settings: { "pg_stat_statements.max": "100" } },
  make: async (stage) => {
    const table = stage.table();
    const [client] = await stage.pgSessions(1, stage.application());
    await client?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
    const shapes = stage.number(260, 340);
    for (let shape = 1; shape <= shapes; shape += 1) {
      await client?.query(
        `SELECT n AS c${shape} FROM ${table} WHERE id = 1${" OR n = 2".repeat(shape % 300)}`,
      );
    }
    return { culprits: [] };
  },
});
