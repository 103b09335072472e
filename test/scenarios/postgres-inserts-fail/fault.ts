import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

/** Proved silent once: 4,121 of them, and nothing was found. No log is at hand. */
export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A deployment inserts what a constraint refuses, beside an application that works: most transactions fail",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const [setup] = await stage.pgSessions(1, stage.application());
    const refused = await stage.pgSessions(stage.number(3, 5), stage.application());
    const working = await stage.pgSessions(2, stage.application());
    await setup?.query(`CREATE TABLE ${table} (id bigserial PRIMARY KEY, account int, amount int NOT NULL)`);
    await setup?.query(
      `INSERT INTO ${table} (account, amount) SELECT n % 50, n FROM generate_series(1, 500) n`,
    );
    await setup?.query(`ANALYZE ${table}`);
    await keepRunning(stage, refused, 1000, (session, turn) =>
      session
        .query(`INSERT INTO ${table} (account, amount) VALUES ($1, $2)`, [turn % 50, null])
        .catch(() => undefined),
    );
    await keepRunning(stage, working, 100, async (session, turn) => {
      await session.query(`UPDATE ${table} SET amount = $1 WHERE id = $2`, [turn, 1 + (turn % 500)]);
      await session.query("SELECT pg_sleep(0.01)");
    });
    return { culprits: [] };
  },
});
