import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Look-alike: a small table is read whole thousands of times a second, which is the quickest way",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(4, stage.application());
    const [setup] = clients;
    const rows = stage.number(500, 2000);
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, code int)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, n % 100 FROM generate_series(1, ${rows}) n`);
    await setup?.query(`ANALYZE ${table}`);
    await keepRunning(stage, clients, 400, (client, turn) =>
      client.query(`SELECT id FROM ${table} WHERE code = $1`, [turn % 100]),
    );
    return { culprits: [] };
  },
});
