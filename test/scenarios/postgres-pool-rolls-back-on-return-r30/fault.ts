import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { settled } from "../support/settled.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Nothing: a pool says ROLLBACK whenever a connection comes back after reading (reset on return), so that most transactions are rolled back and none failed",
  majors: [15],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(
      `CREATE TABLE recipes (id int PRIMARY KEY, title varchar(60) NOT NULL, minutes int NOT NULL);
       INSERT INTO recipes SELECT n, 'recipe ' || n, 10 + n % 90 FROM generate_series(1, 8000) AS n`,
    );
    await settled(setup, "recipes");
    const pool = await stage.pgSessions(5, "cookbook");
    await keepRunning(stage, pool, 300, async (client, turn) => {
      await client.query("BEGIN");
      await client.query("SELECT title, minutes FROM recipes WHERE id = $1", [1 + (turn % 8000)]);
      await client.query("ROLLBACK");
      await pause(15);
    });
    await pause(3000);
    return { culprits: [] };
  },
});
