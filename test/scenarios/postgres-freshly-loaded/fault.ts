import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Look-alike: a table was just loaded and analyzed, and is used by its indexes",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(3, stage.application());
    const [setup] = clients;
    const rows = stage.number(80_000, 120_000);
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, customer int, amount int)`);
    await setup?.query(`CREATE INDEX ON ${table} (customer)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, n % 9000, n FROM generate_series(1, ${rows}) n`);
    await setup?.query(`ANALYZE ${table}`);
    await keepRunning(stage, clients, 200, (client, turn) =>
      client.query(`SELECT id, amount FROM ${table} WHERE customer = $1`, [turn % 9000]),
    );
    return { culprits: [] };
  },
});
