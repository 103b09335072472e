import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "max_wal_size is tiny: a checkpoint is forced every few hundred milliseconds and each page is logged anew",
  tiers: ["immediate", "performance", "health"],
  majors: [14],
  server: { settings: { max_wal_size: "32MB", min_wal_size: "32MB", full_page_writes: "on" } },
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(6, stage.application());
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, body text, n int) WITH (fillfactor = 50)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, repeat('a', 600), 0 FROM generate_series(1, 60000) n`);
    await keepRunning(stage, clients, 20_000, (client, turn) =>
      client.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${1 + ((turn * 7919) % 60_000)}`),
    );
    return { culprits: [] };
  },
});
