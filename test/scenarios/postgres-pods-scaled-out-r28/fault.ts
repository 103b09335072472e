import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The autoscaler added pods, each with a pool of its own: all connections are in use, few slots are left",
  tiers: ["immediate", "performance", "health"],
  majors: [17],
  server: { maxConnections: 60 },
  thresholds: { leakIdleSeconds: 20 },
  make: async (stage) => {
    await ordinaryWork(stage);
    const table = stage.table();
    const owner = await onePg(stage, "deploy");
    await owner.query(`CREATE TABLE ${table} (id int PRIMARY KEY, price int NOT NULL)`);
    await owner.query(`INSERT INTO ${table} SELECT g, g FROM generate_series(1, 2000) g`);
    await owner.end();
    const pods = await stage.pgSessions(stage.number(44, 46), "storefront-api");
    const worker = await stage.pgSessions(3, stage.application());
    await keepRunning(stage, worker, 6, async (session) => {
      await session.query("SELECT 1");
      await pause(500);
    });
    await keepRunning(stage, pods, pods.length * 3, async (session, turn) => {
      await session.query(`SELECT id, price FROM ${table} WHERE id = $1`, [1 + (turn % 2000)]);
      await pause(900 + ((turn * 37) % 600));
    });
    return { culprits: [] };
  },
});
