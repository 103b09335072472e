import { Client } from "pg";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A script says CHECKPOINT again and again, as before a copy of the volume: little is written, nothing waits",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const writers = await stage.pgSessions(2, stage.application());
    const [setup] = writers;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, 0 FROM generate_series(1, 200) n`);
    await keepRunning(stage, writers, 50, async (session, turn) => {
      await session.query(`UPDATE ${table} SET n = n + 1 WHERE id = $1`, [1 + (turn % 200)]);
      await session.query("SELECT pg_sleep(0.02)");
    });
    const admin = await openAdmin(stage.postgres().adminUrl);
    stage.cleanUp(() => admin.end());
    await keepRunning(stage, [admin], 6, async (session) => {
      await session.query("CHECKPOINT");
      await session.query("SELECT pg_sleep(0.2)");
    });
    return { culprits: [] };
  },
});

async function openAdmin(connectionString: string): Promise<Client> {
  const admin = new Client({ connectionString });
  await admin.connect();
  return admin;
}
