import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Nothing is wrong: the pools of a service hold half of all slots, asleep by night but for a ping now and then",
  tiers: ["immediate", "performance", "health"],
  server: { maxConnections: 100 },
  thresholds: { idleSessionSeconds: 12, leakIdleSeconds: 24 },
  make: async (stage) => {
    const table = stage.table();
    const pool = await stage.mySessions(stage.number(44, 48), stage.application());
    const [first] = pool;
    await first?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, stock int NOT NULL)`);
    await first?.query(`INSERT INTO ${table} VALUES (1, 4), (2, 7), (3, 1), (4, 12)`);
    await ordinaryWork(stage);
    // Each is pinged every few seconds (keepaliveTime), a few of them have something to do.
    await keepRunning(stage, pool, 200, async (client, turn) => {
      if (turn % 7 === 0) await client.query(`SELECT stock FROM ${table} WHERE id = ${1 + (turn % 4)}`);
      else await client.ping();
      await pause(2500 + (turn % 5) * 500);
    });
    return { culprits: [] };
  },
});
