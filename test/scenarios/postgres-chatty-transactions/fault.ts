import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "An application thinks within its transactions, half a second each; thirty are open at any time, none for long",
  tiers: ["immediate", "performance", "health"],
  majors: [15],
  server: { maxConnections: 100 },
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(30, stage.application());
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, 0 FROM generate_series(1, 5000) n`);
    // Sleeping in the session itself would be work; each thinks by the clock of another one.
    const clocks = await stage.pgSessions(30, "clock");
    await keepRunning(stage, clients, 150, async (client, turn) => {
      await client.query("BEGIN");
      await client.query(`SELECT n FROM ${table} WHERE id = ${1 + (turn % 5000)}`);
      await clocks[turn % 30]?.query("SELECT pg_sleep(0.25)");
      await client.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${1 + (turn % 5000)}`);
      await clocks[turn % 30]?.query("SELECT pg_sleep(0.25)");
      await client.query("COMMIT");
    });
    return { culprits: [] };
  },
});
