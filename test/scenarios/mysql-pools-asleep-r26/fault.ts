import { closeAll } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Harmless: two pools of fixed size asleep on half of all slots, and a peak near the limit that is over",
  tiers: ["immediate", "performance", "health"],
  thresholds: { leakIdleSeconds: 3 },
  make: async (stage) => {
    await ordinaryWork(stage);
    for (const size of [stage.number(13, 15), stage.number(12, 14)]) {
      for (const one of await stage.mySessions(size, stage.application())) await one.query("SELECT 1");
    }
    const rush = await stage.mySessions(26, stage.application());
    for (const one of rush) await one.query("SELECT 1");
    await closeAll(rush);
    const watcher = await oneMy(stage, "watcher");
    await watcher.query("SELECT SLEEP(8)");
    return { culprits: [] };
  },
});
