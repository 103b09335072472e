import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Customers are looked up by their address in lower case; the index is on the address as it is written",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(4, stage.application());
    const rows = stage.number(100_000, 150_000);
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, mail varchar(80) NOT NULL UNIQUE)`);
    await setup?.query(
      `INSERT INTO ${table} SELECT n, 'Customer' || n || '@Example.org' FROM generate_series(1, ${rows}) n`,
    );
    await setup?.query(`ANALYZE ${table}`);
    await keepRunning(stage, clients, 30, (client, turn) =>
      client.query(`SELECT id FROM ${table} WHERE lower(mail) = $1`, [`customer${turn}@example.org`]),
    );
    return { culprits: [] };
  },
});
