import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Healthy: eight workers each hold one task's row while they work on it, skip what others hold, and commit",
  majors: [18, 14, 17],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "watcher");
    await setup.query(
      "CREATE TABLE tasks (id bigserial PRIMARY KEY, state varchar(10) NOT NULL, tries int NOT NULL DEFAULT 0)",
    );
    await setup.query("CREATE INDEX tasks_ready ON tasks (id) WHERE state = 'ready'");
    await setup.query("INSERT INTO tasks (state) SELECT 'ready' FROM generate_series(1, 3000)");
    await setup.query("ANALYZE tasks");
    const workers = await stage.pgSessions(8, stage.application());
    await keepRunning(stage, workers, 120, async (worker) => {
      await worker.query("BEGIN");
      const { rows } = await worker.query(
        "SELECT id FROM tasks WHERE state = 'ready' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED",
      );
      // Half a mail is sent meanwhile.
      await pause(180);
      await worker.query("UPDATE tasks SET state = 'done', tries = tries + 1 WHERE id = $1", [rows[0]?.id]);
      await worker.query("COMMIT");
    });
    return { culprits: [] };
  },
});
