import { makeTable, onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Two parts of an application lock the same rows in opposite order",
  tiers: ["immediate", "performance"],
  // The default second between two checks would make a scenario of many seconds.
  server: { settings: { deadlock_timeout: "20ms" } },
  make: async (stage) => {
    const table = stage.table();
    const setup = await onePg(stage, stage.application());
    await makeTable(setup, table);
    let running = true;
    const pairs = stage.number(3, 5);
    const loops = Array.from({ length: pairs * 2 }, async (_, index) => {
      const session = await onePg(stage, stage.application());
      const pair = Math.floor(index / 2) * 2 + 1;
      const order = index % 2 === 0 ? [pair, pair + 1] : [pair + 1, pair];
      const update = (id: number | undefined) =>
        session.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${id}`);
      while (running) {
        await session.query("BEGIN");
        await update(order[0])
          .then(() => session.query("SELECT pg_sleep(0.01)"))
          .then(() => update(order[1]))
          .catch(() => undefined);
        await session.query("COMMIT");
      }
    });
    for (const loop of loops) stage.leave(loop);
    stage.cleanUp(async () => {
      running = false;
      await Promise.all(loops);
    });
    return { culprits: [] };
  },
});
