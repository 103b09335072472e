import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Lookups without the partition key lock all of 160 partitions with their indexes: the lock manager is the queue",
  tiers: ["immediate", "performance", "health"],
  majors: [15],
  server: { settings: { max_locks_per_transaction: "1024" } },
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(30, stage.application());
    const [setup] = clients;
    await setup?.query(
      `CREATE TABLE ${table} (id int, day int, customer int, amount int) PARTITION BY RANGE (day)`,
    );
    for (let day = 0; day < 160; day += 1)
      await setup?.query(
        `CREATE TABLE ${table}_${day} PARTITION OF ${table} FOR VALUES FROM (${day}) TO (${day + 1})`,
      );
    await setup?.query(`CREATE INDEX ON ${table} (customer)`);
    await setup?.query(`CREATE INDEX ON ${table} (id)`);
    await setup?.query(
      `INSERT INTO ${table} SELECT n, n % 160, n % 5000, n FROM generate_series(1, 32000) n`,
    );
    await setup?.query(`ANALYZE ${table}`);
    const lookup = { name: "lookup", text: `SELECT sum(amount) FROM ${table} WHERE customer = $1` };
    await keepRunning(stage, clients, 3000, (client, turn) =>
      client.query({ ...lookup, values: [turn % 5000] }),
    );
    return { culprits: [] };
  },
});
