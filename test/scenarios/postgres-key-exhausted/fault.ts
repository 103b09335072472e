import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

/** The sequence has numbers left; the column that it feeds does not hold them. */
export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A bigint sequence feeds an integer key that is full: every INSERT fails, and nothing else looks unwell",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const [setup] = await stage.pgSessions(1, stage.application());
    const writers = await stage.pgSessions(stage.number(2, 4), stage.application());
    await setup?.query(`CREATE SEQUENCE ${table}_numbers`);
    await setup?.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY DEFAULT nextval('${table}_numbers'), note varchar(40))`,
    );
    await setup?.query(`SELECT setval('${table}_numbers', 2147483645)`);
    await setup?.query(`INSERT INTO ${table} (note) VALUES ('nearly'), ('the last')`);
    await keepRunning(stage, writers, stage.number(200, 400), (session) =>
      session.query(`INSERT INTO ${table} (note) VALUES ('one more')`).catch(() => undefined),
    );
    return { culprits: [] };
  },
});
