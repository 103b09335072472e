import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The newest row of a customer who left long ago: ORDER BY id DESC LIMIT 1 walks the whole primary key backwards",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(5, stage.application());
    const rows = stage.number(260_000, 320_000);
    const customers = stage.number(90, 130);
    const each = Math.floor(rows / customers);
    const [analyst] = clients;
    const setup = await openSession(stage.postgres(), { user: "shop" });
    await setup.query(`CREATE TABLE ${table} (id int PRIMARY KEY, customer int NOT NULL, note text)`);
    await setup.query(
      `INSERT INTO ${table} SELECT n, n / ${each}, repeat('x', 50) FROM generate_series(1, ${rows}) n`,
    );
    await setup.query(`CREATE INDEX ON ${table} (customer)`);
    // What it has written is counted when it leaves, and must not look like changes after the ANALYZE.
    await setup.end();
    await analyst?.query(`VACUUM ANALYZE ${table}`);
    await keepRunning(stage, clients, 60, (client, turn) =>
      client.query(`SELECT id, note FROM ${table} WHERE customer = $1 ORDER BY id DESC LIMIT 1`, [turn % 6]),
    );
    return { culprits: [] };
  },
});
