import { defineScenario } from "../scenario.ts";
import { nowAndThen } from "../support/now-and-then.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Look-alike: a dashboard of a small table, in random order, is all that runs in an idle database",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const [setup] = await stage.pgSessions(1, stage.application());
    if (setup === undefined) throw new Error("no session");
    await setup.query(`CREATE TABLE ${table} (id int PRIMARY KEY, kind int)`);
    await setup.query(
      `INSERT INTO ${table} SELECT n, n % 7 FROM generate_series(1, ${stage.number(20_000, 30_000)}) n`,
    );
    await setup.query(`ANALYZE ${table}`);
    await nowAndThen(stage, setup, (client) =>
      client.query(`SELECT id FROM ${table} ORDER BY random() LIMIT 5`),
    );
    return { culprits: [] };
  },
});
