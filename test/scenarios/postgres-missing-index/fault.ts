import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Busy clients look up rows by a column of a large table that has no index",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(4, stage.application());
    const rows = stage.number(100_000, 150_000);
    const owners = stage.number(3000, 6000);
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, owner_id int NOT NULL, note text)`);
    await setup?.query(
      `INSERT INTO ${table} SELECT n, n % ${owners}, repeat('x', 60) FROM generate_series(1, ${rows}) n`,
    );
    await setup?.query(`ANALYZE ${table}`);
    await keepRunning(stage, clients, 40, (client, turn) =>
      client.query(`SELECT id, note FROM ${table} WHERE owner_id = $1`, [turn % owners]),
    );
    return { culprits: [] };
  },
});
