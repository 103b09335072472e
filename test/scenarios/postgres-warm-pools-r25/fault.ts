import { setTimeout as sleep } from "node:timers/promises";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Harmless: two of three slots are the warm pools of three services, all of one driver name, tested now and then",
  majors: [15],
  tiers: ["immediate", "performance", "health"],
  thresholds: { leakIdleSeconds: 6, idleSessionSeconds: 4 },
  make: async (stage) => {
    await ordinaryWork(stage);
    const pools = await Promise.all(
      Array.from({ length: 3 }, () => stage.pgSessions(11, "PostgreSQL JDBC Driver")),
    );
    for (const pool of pools) {
      await keepRunning(stage, pool, pool.length, async (session) => {
        await session.query("SELECT 1");
        await sleep(1200);
      });
    }
    await sleep(9000);
    return { culprits: [] };
  },
});
