import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A prefix search on an indexed column whose collation lets no plain index serve LIKE",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(4, stage.application());
    const rows = stage.number(90_000, 140_000);
    const [setup] = clients;
    await setup?.query(
      `CREATE TABLE ${table} (id bigint PRIMARY KEY, email text COLLATE "en-x-icu" NOT NULL, note text)`,
    );
    await setup?.query(
      `INSERT INTO ${table} SELECT n, left(md5(n::text), 12) || '@example.com', repeat('x', 90)
         FROM generate_series(1, ${rows}) AS n`,
    );
    await setup?.query(`CREATE INDEX ON ${table} (email)`);
    // What a session has changed is counted a second later, and would count as changed since the ANALYZE.
    await setup?.query("SELECT pg_sleep(1.2)");
    await setup?.query(`ANALYZE ${table}`);
    await keepRunning(stage, clients, 40, (client, turn) =>
      client.query(`SELECT id, note FROM ${table} WHERE email LIKE '${prefix(turn)}%' LIMIT 20`),
    );
    return { culprits: [] };
  },
});

function prefix(turn: number): string {
  return ((turn * 7919) % 65_536).toString(16).padStart(5, "a");
}
