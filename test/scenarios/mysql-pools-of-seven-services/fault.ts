import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "Seven services keep a modest pool each, all in use by turns: together nine tenths of the slots",
  server: { maxConnections: 60 },
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const sizes = [8, 8, 7, 7, 8, 7, 7];
    await ordinaryWork(stage, 2);
    for (const [index, size] of sizes.entries()) {
      const pool = await stage.mySessions(size, stage.application());
      const table = `${stage.table()}_of_${index}`;
      await pool[0]?.query(
        `CREATE TABLE ${table} (code varchar(20) PRIMARY KEY, amount decimal(10,2) NOT NULL)`,
      );
      await pool[0]?.query(`INSERT INTO ${table} VALUES ('a', 1), ('b', 2), ('c', 3), ('d', 4)`);
      // Each connection of the pool has its turn every second or two.
      await keepRunning(stage, pool, 2 * size, async (client, turn) => {
        await client.query(`SELECT amount FROM ${table} WHERE code = ?`, ["abcd"[turn % 4]]);
        await pause(900 + 40 * (turn % 11));
      });
    }
    await pause(6000);
    return { culprits: [] };
  },
});
