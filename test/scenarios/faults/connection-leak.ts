import { idOf, oneMy } from "../lock-waits.ts";
import type { MysqlFamily, Scenario } from "../scenario.ts";

export const connectionLeak = (engine: MysqlFamily): Scenario => ({
  engine,
  title: "One application opens connections, never uses them again, and has filled nearly all slots",
  server: { maxConnections: 50 },
  // Strictly more than a second: the process list counts whole ones.
  thresholds: { leakIdleSeconds: 1 },
  make: async (stage) => {
    const leaked = await stage.mySessions(stage.number(37, 41), stage.application());
    for (const one of leaked) await one.query("SELECT 1");
    const others = await stage.mySessions(3, stage.application());
    const watcher = await oneMy(stage, "watcher");
    await watcher.query("SELECT SLEEP(3)");
    for (const one of others) await one.query("SELECT 1");
    return { culprits: leaked.map(idOf) };
  },
});
