import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The release went out before its migration: most transactions fail at a column that is not there and roll back",
  tiers: ["immediate", "performance", "health"],
  majors: [15],
  make: async (stage) => {
    await ordinaryWork(stage);
    const table = stage.table();
    const owner = await onePg(stage, "deploy");
    await owner.query(`CREATE TABLE ${table} (id int PRIMARY KEY, name text NOT NULL, seen timestamptz)`);
    await owner.query(`INSERT INTO ${table} SELECT g, 'customer ' || g FROM generate_series(1, 3000) g`);
    const clients = await stage.pgSessions(stage.number(6, 9), stage.application());
    await keepRunning(stage, clients, 400, async (session, turn) => {
      const id = 1 + ((turn * 13) % 3000);
      await session.query("BEGIN");
      try {
        await session.query(`SELECT name FROM ${table} WHERE id = $1`, [id]);
        await session.query(`SELECT loyalty_tier FROM ${table} WHERE id = $1`, [id]);
        await session.query("COMMIT");
      } catch {
        await session.query("ROLLBACK");
      }
      await pause(40);
    });
    return { culprits: [] };
  },
});
