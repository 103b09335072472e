import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Healthy: the pools of four pods keep 36 of 60 connections, nearly all asleep, each used or pinged every few seconds",
  tiers: ["immediate", "performance", "health"],
  thresholds: { idleSessionSeconds: 8, leakIdleSeconds: 12 },
  make: async (stage) => {
    const table = stage.table();
    const setup = await oneMy(stage, stage.application());
    await setup.query(`CREATE TABLE ${table} (id int PRIMARY KEY, title varchar(60) NOT NULL)`);
    await setup.query(`INSERT INTO ${table} VALUES (1, 'one'), (2, 'two'), (3, 'three')`);
    await ordinaryWork(stage);
    const pool = await stage.mySessions(36, stage.application());
    // Fifteen seconds and more, so that none is young any more.
    await keepRunning(stage, pool, 36 * 7, async (session, turn) => {
      await session.query(turn % 3 === 0 ? "SELECT 1" : `SELECT title FROM ${table} WHERE id = ${turn % 3}`);
      await pause(2000 + (turn % 36) * 30);
    });
    return { culprits: [] };
  },
});
