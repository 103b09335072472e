import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Every page of an application joins a large table by a column without an index",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const [parent, child] = [stage.table(), stage.table()];
    const clients = await stage.pgSessions(4, stage.application());
    const rows = stage.number(90_000, 140_000);
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${parent} (id int PRIMARY KEY, name text)`);
    await setup?.query(`INSERT INTO ${parent} SELECT n, 'name ' || n FROM generate_series(1, 9000) n`);
    await setup?.query(`CREATE TABLE ${child} (id int PRIMARY KEY, parent_id int, amount int)`);
    await setup?.query(`INSERT INTO ${child} SELECT n, n % 9000, n FROM generate_series(1, ${rows}) n`);
    await setup?.query(`ANALYZE ${parent}, ${child}`);
    await keepRunning(stage, clients, 40, (client, turn) =>
      client.query(
        `SELECT p.name, c.amount FROM ${parent} p JOIN ${child} c ON c.parent_id = p.id WHERE p.id = $1`,
        [1 + (turn % 9000)],
      ),
    );
    return { culprits: [] };
  },
});
