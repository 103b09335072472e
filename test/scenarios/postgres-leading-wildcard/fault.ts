import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A search box looks for a part of a word in a large table, newest first",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(4, stage.application());
    const rows = stage.number(120_000, 150_000);
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, note text NOT NULL)`);
    await setup?.query(
      `INSERT INTO ${table} SELECT n, repeat('lorem ipsum ', 12) || n::bigint * 7919 FROM generate_series(1, ${rows}) n`,
    );
    await setup?.query(`ANALYZE ${table}`);
    await keepRunning(stage, clients, 12, (client, turn) =>
      client.query(`SELECT id, note FROM ${table} WHERE note LIKE $1`, [`%${7919 * (turn + 1)}`]),
    );
    return { culprits: [] };
  },
});
