import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

/** As SQLAlchemy's pool gives a connection back. */
export const scenario = defineScenario({
  engine: "postgres",
  title: "An application ends every read with ROLLBACK: nothing fails",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const workers = await stage.pgSessions(stage.number(3, 5), stage.application());
    const [setup] = workers;
    await setup?.query(`CREATE TABLE ${table} (id bigint PRIMARY KEY, amount int NOT NULL)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, n FROM generate_series(1, 500) n`);
    await setup?.query(`ANALYZE ${table}`);
    await keepRunning(stage, workers, 1000, async (session, turn) => {
      await session.query("BEGIN");
      await session.query(`SELECT amount FROM ${table} WHERE id = $1`, [1 + (turn % 500)]);
      await session.query("ROLLBACK");
    });
    return { culprits: [] };
  },
});
