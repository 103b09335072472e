import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Fourteen clients count up one row, each in one statement that takes its time: who is at work has queued",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const owner = await onePg(stage, "setup");
    await owner.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int NOT NULL)`);
    await owner.query(`INSERT INTO ${table} SELECT n, 0 FROM generate_series(1, 50) n`);
    const clients = await stage.pgSessions(14, stage.application());
    await keepRunning(stage, clients, 12, (client) =>
      client.query(`UPDATE ${table} SET n = n + 1 WHERE id = 7 RETURNING pg_sleep(0.7)`),
    );
    return { culprits: [] };
  },
});
