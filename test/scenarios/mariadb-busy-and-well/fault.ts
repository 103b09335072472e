import { makeTable, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "A busy pool with short row locks, and idle connections beside it: nothing is wrong",
  make: async (stage) => {
    const table = stage.table();
    const workers = await stage.mySessions(stage.number(6, 10), stage.application());
    await stage.mySessions(stage.number(5, 12), stage.application());
    await makeTable(await oneMy(stage, "setup"), table);
    let running = true;
    const loops = workers.map(async (worker, index) => {
      for (let turn = 0; running; turn += 1) {
        const id = ((turn * 3 + index) % 20) + 1;
        await worker.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${id}`).catch(() => undefined);
      }
    });
    stage.cleanUp(async () => {
      running = false;
      await Promise.all(loops);
    });
    return { culprits: [] };
  },
});
