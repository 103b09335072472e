import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Two pools of thirty connections, most of them idle, fill forty percent of the slots: nothing is wrong",
  tiers: ["immediate", "performance", "health"],
  server: { maxConnections: 150 },
  thresholds: { idleSessionSeconds: 3, leakIdleSeconds: 5 },
  make: async (stage) => {
    const table = stage.table();
    const first = await stage.mySessions(30, stage.application());
    const second = await stage.mySessions(30, stage.application());
    const [setup] = first;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, n FROM ${numbersTo(5000)}`);
    // A pool hands out whoever is free: every connection works now and then.
    const pool = [...first, ...second];
    const turns = [0, 1, 2, 3];
    await keepRunning(stage, turns, 400, async (_, turn) => {
      const client = pool[turn % pool.length];
      await client?.query(`SELECT n FROM ${table} WHERE id = ${1 + (turn % 5000)}`);
      await client?.query("SELECT SLEEP(0.06)");
    });
    return { culprits: [] };
  },
});
