import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A bulk load fills a new table in one transaction; readers of the others go on, nobody waits",
  tiers: ["immediate", "performance", "health"],
  majors: [17],
  thresholds: { longRunningSeconds: 3 },
  make: async (stage) => {
    const table = stage.table();
    const target = stage.table();
    const loader = await onePg(stage, "loader");
    const clients = await stage.pgSessions(4, stage.application());
    await loader.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
    await loader.query(`INSERT INTO ${table} SELECT n, n FROM generate_series(1, 20000) n`);
    await loader.query(`CREATE TABLE ${target} (id bigint PRIMARY KEY, body text)`);
    stage.leave(
      loader.query(`INSERT INTO ${target} SELECT n, md5(n::text) FROM generate_series(1, 30000000) n`),
    );
    await keepRunning(stage, clients, 500, async (client, turn) => {
      await client.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${1 + ((turn * 7919) % 20_000)}`);
      await client.query("SELECT pg_sleep(0.04)");
    });
    return { culprits: [] };
  },
});
