import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "The sequence of an integer key has reached its end: every insert fails, reads go on",
  tiers: ["immediate", "performance", "health"],
  majors: [17],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(stage.number(4, 7), stage.application());
    const owner = await openSession(stage.postgres());
    stage.cleanUp(() => owner.end());
    await owner.query(
      `CREATE TABLE ${table} (id serial PRIMARY KEY, note text, at timestamptz DEFAULT now())`,
    );
    await owner.query(`SELECT setval('${table}_id_seq', ${2 ** 31 - 1 - stage.number(10, 40)})`);
    await keepRunning(stage, clients, 400, async (client) => {
      await client.query(`INSERT INTO ${table} (note) VALUES ('ordered')`).catch(() => undefined);
      await client.query(`SELECT note FROM ${table} WHERE id > 2147483640`);
      await client.query("SELECT pg_sleep(0.03)");
    });
    return { culprits: [] };
  },
});
