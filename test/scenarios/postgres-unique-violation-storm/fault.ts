import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A consumer delivers every message twice and retries: most of its inserts break a unique constraint",
  tiers: ["immediate", "performance", "health"],
  majors: [15],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(stage.number(4, 6), stage.application());
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (code text PRIMARY KEY, amount int)`);
    await setup?.query(`INSERT INTO ${table} SELECT md5(n::text), n FROM generate_series(1, 5000) n`);
    await keepRunning(stage, clients, 600, async (client, turn) => {
      const code = `md5('${1 + (turn % 5000)}')`;
      for (let attempt = 0; attempt < 3; attempt += 1)
        await client.query(`INSERT INTO ${table} VALUES (${code}, ${turn})`).catch(() => undefined);
      await client.query(`SELECT amount FROM ${table} WHERE code = ${code}`);
    });
    return { culprits: [] };
  },
});
