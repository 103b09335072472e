import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A busy pool, old idle connections and short row locks: nothing is wrong",
  make: async (stage) => {
    const table = stage.table();
    const workers = await stage.pgSessions(stage.number(6, 10), stage.application());
    await stage.pgSessions(stage.number(5, 12), stage.application());
    const [setup] = workers;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, 0 FROM generate_series(1, 500) n`);
    let running = true;
    const loops = workers.map(async (worker, index) => {
      for (let turn = 0; running; turn += 1) {
        await worker
          .query(`UPDATE ${table} SET n = n + 1 WHERE id = ${(turn * 3 + index) % 20}`)
          .catch(() => undefined);
      }
    });
    stage.cleanUp(async () => {
      running = false;
      await Promise.all(loops);
    });
    return { culprits: [] };
  },
});
