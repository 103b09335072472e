import { waitUntil } from "../../lab/engines/sql.ts";
import { makeTable, oneMy } from "../lock-waits.ts";
import type { MysqlFamily, Scenario } from "../scenario.ts";

export const deadlocks = (engine: MysqlFamily): Scenario => ({
  engine,
  title: "Two parts of an application lock the same rows in opposite order",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    await makeTable(await oneMy(stage, "setup"), table);
    let running = true;
    let lost = 0;
    const loops = Array.from({ length: stage.number(3, 5) * 2 }, async (_, index) => {
      const session = await oneMy(stage, stage.application());
      const pair = Math.floor(index / 2) * 2 + 1;
      const order = index % 2 === 0 ? [pair, pair + 1] : [pair + 1, pair];
      const update = (id: number | undefined) =>
        session.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${id}`);
      while (running) {
        await session.query("START TRANSACTION");
        await update(order[0])
          .then(() => session.query("DO SLEEP(0.01)"))
          .then(() => update(order[1]))
          .catch(() => {
            lost += 1;
          });
        await session.query("COMMIT");
      }
    });
    for (const loop of loops) stage.leave(loop);
    stage.cleanUp(async () => {
      running = false;
      await Promise.all(loops);
    });
    await waitUntil(() => lost >= 20, { what: "20 transactions have lost" });
    return { culprits: [] };
  },
});
