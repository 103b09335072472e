import { makeTable, onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Rows are wanted by two at a time, each wait is over in milliseconds",
  make: async (stage) => {
    const table = stage.table();
    const pairs = stage.number(3, 6);
    const workers = await stage.pgSessions(pairs * 2, stage.application());
    await makeTable(await onePg(stage, "setup"), table);
    let running = true;
    const loops = workers.map(async (worker, index) => {
      while (running) {
        await worker.query("BEGIN");
        await worker.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${1 + (index % pairs)}`);
        await worker.query("SELECT pg_sleep(0.02)");
        await worker.query("COMMIT");
      }
    });
    for (const loop of loops) stage.leave(loop);
    stage.cleanUp(async () => {
      running = false;
      await Promise.all(loops);
    });
    const watcher = await onePg(stage, "watcher");
    await watcher.query("SELECT pg_sleep(0.5)");
    return { culprits: [] };
  },
});
