import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Moved by logical replication, which moves no sequences: the next key is one of the rows that are there",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(3, stage.application());
    const rows = stage.number(20_000, 40_000);
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id bigserial PRIMARY KEY, state text NOT NULL, amount int)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, 'paid', n % 90 FROM generate_series(1, ${rows}) AS n`);
    await setup?.query("SELECT pg_sleep(1.2)");
    await setup?.query(`ANALYZE ${table}`);
    await keepRunning(stage, clients, 120, async (client, turn) => {
      await client.query("BEGIN");
      await client.query(`SELECT amount FROM ${table} WHERE id = ${1 + ((turn * 31) % rows)}`);
      const made = `INSERT INTO ${table} (state, amount) VALUES ('new', ${turn % 90})`;
      const ended = await client.query(made).then(
        () => "COMMIT",
        () => "ROLLBACK",
      );
      await client.query(ended);
      await client.query("SELECT pg_sleep(0.04)");
    });
    return { culprits: [] };
  },
});
