import { makeTable, oneMy } from "../lock-waits.ts";
import type { MysqlFamily, Scenario } from "../scenario.ts";

export const hotRow = (engine: MysqlFamily): Scenario => ({
  engine,
  title: "All orders count up one row; each has its turn for a moment and the queue is long",
  tiers: ["immediate", "performance"],
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const workers = await stage.mySessions(stage.number(18, 28), stage.application());
    const watcher = await oneMy(stage, "watcher");
    await makeTable(watcher, table);
    let running = true;
    const loops = workers.map(async (worker) => {
      while (running) {
        await worker.query("START TRANSACTION");
        await worker.query(`UPDATE ${table} SET n = n + 1 WHERE id = 1`);
        await worker.query("DO SLEEP(0.03)");
        await worker.query("COMMIT");
      }
    });
    for (const loop of loops) stage.leave(loop);
    stage.cleanUp(async () => {
      running = false;
      await Promise.all(loops);
    });
    await watcher.query("SELECT SLEEP(3)");
    return { culprits: [] };
  },
});
