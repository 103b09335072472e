import { idOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A service opens a connection for each report and never gives one back: its sleepers take all but a few slots",
  tiers: ["immediate", "performance"],
  server: { maxConnections: 60 },
  thresholds: { idleSessionSeconds: 3, leakIdleSeconds: 6 },
  make: async (stage) => {
    const table = stage.table();
    await ordinaryWork(stage, 4);
    const others = await stage.mySessions(3, stage.application());
    await keepRunning(stage, others, 6, async (client) => {
      await client.query("SELECT 1");
      await pause(150);
    });
    const reports = stage.number(43, 45);
    const leaked = [];
    for (let report = 0; report < reports; report += 1) {
      const [client] = await stage.mySessions(1, "report-api");
      if (client === undefined) throw new Error("no session");
      if (report === 0) await client.query(`CREATE TABLE ${table} (id int PRIMARY KEY, sold int NOT NULL)`);
      await client.query(`SELECT COUNT(*), SUM(sold) FROM ${table}`);
      leaked.push(client);
      await pause(60);
    }
    await pause(9000);
    return { culprits: leaked.map(idOf) };
  },
});
