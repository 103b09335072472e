import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Harmless: the pool of an ORM ends each read with ROLLBACK, is idle in transaction for moments, and scans a tiny table",
  tiers: ["immediate", "performance", "health"],
  majors: [15],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query("CREATE TABLE currencies (code text NOT NULL, rate int NOT NULL)");
    await setup.query("CREATE UNIQUE INDEX currencies_code ON currencies (code)");
    await setup.query("INSERT INTO currencies SELECT 'C' || n, n FROM generate_series(1, 40) n");
    await setup.query("CREATE TABLE posts (id int PRIMARY KEY, title text NOT NULL)");
    await setup.query("INSERT INTO posts SELECT n, 'post ' || n FROM generate_series(1, 3000) n");
    await setup.query("VACUUM ANALYZE currencies, posts");
    await setup.end();
    await ordinaryWork(stage, 2);
    const pool = await stage.pgSessions(10, "flask-app");
    await keepRunning(stage, pool, 500, async (client, turn) => {
      await client.query("BEGIN");
      await client.query("SELECT title FROM posts WHERE id = $1", [1 + (turn % 3000)]);
      await client.query("SELECT rate FROM currencies WHERE code = $1", [`C${1 + (turn % 40)}`]);
      await pause(30);
      await client.query("ROLLBACK");
      await pause(15);
    });
    await pause(3000);
    return { culprits: [] };
  },
});
