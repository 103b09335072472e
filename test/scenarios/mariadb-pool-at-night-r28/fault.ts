import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "Healthy: at night two pools keep their 24 connections of 200 open and hardly use them",
  tiers: ["immediate", "performance", "health"],
  server: { maxConnections: 200 },
  thresholds: { idleSessionSeconds: 2, leakIdleSeconds: 4 },
  make: async (stage) => {
    await ordinaryWork(stage);
    const pool = await stage.mySessions(14, stage.application());
    const other = await stage.mySessions(10, stage.application());
    for (const one of [...pool, ...other]) await one.query("SELECT 1");
    const watcher = await oneMy(stage, "cron");
    await watcher.query("SELECT SLEEP(7)");
    await watcher.end();
    return { culprits: [] };
  },
});
