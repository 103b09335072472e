import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Harmless: the pool of a Python service ends each reading transaction with ROLLBACK when a connection comes back; nine in ten are rolled back and none failed",
  majors: [16, 15, 17],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(
      `CREATE TABLE recipes (id int PRIMARY KEY, title text NOT NULL, minutes int NOT NULL);
       INSERT INTO recipes SELECT n, 'recipe ' || n, n % 90 FROM generate_series(1, 20000) AS n`,
    );
    await setup.query("VACUUM ANALYZE recipes");
    await ordinaryWork(stage);
    const workers = await stage.pgSessions(6, "gunicorn: worker [recipes]");
    await keepRunning(stage, workers, 600, async (client, turn) => {
      await client.query("BEGIN");
      await client.query("SELECT title, minutes FROM recipes WHERE id = $1", [1 + (turn % 20000)]);
      await client.query("ROLLBACK");
      await pause(25);
    });
    await pause(4000);
    return { culprits: [] };
  },
});
