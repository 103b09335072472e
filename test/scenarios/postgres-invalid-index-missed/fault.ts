import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A build of the index that all lookups need failed over duplicates: it is there, invalid, and read by nobody",
  tiers: ["immediate", "performance"],
  unhealed:
    "the rebuild fails on the same duplicates: which of them is right is a person's to say, as the card does",
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(5, stage.application());
    const rows = stage.number(180_000, 240_000);
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, mail text NOT NULL, note text)`);
    await setup?.query(
      `INSERT INTO ${table} SELECT n, 'person' || n % ${rows - 10}, repeat('x', 60) FROM generate_series(1, ${rows}) n`,
    );
    await setup?.query(`ANALYZE ${table}`);
    const failed = await setup
      ?.query(`CREATE UNIQUE INDEX CONCURRENTLY ${table}_mail ON ${table} (mail)`)
      .then(() => false)
      .catch(() => true);
    if (!failed) throw new Error("the index should not have been possible");
    await keepRunning(stage, clients, 40, (client, turn) =>
      client.query(`SELECT id, note FROM ${table} WHERE mail = $1`, [`person${turn}`]),
    );
    return { culprits: [] };
  },
});
