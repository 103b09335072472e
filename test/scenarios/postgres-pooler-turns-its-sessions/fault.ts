import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A pooler holds two thirds of the slots for three applications and uses them in turn: most are idle, none for long",
  majors: [16],
  thresholds: { idleSessionSeconds: 6, leakIdleSeconds: 12 },
  make: async (stage) => {
    await ordinaryWork(stage);
    const applications = ["web", "jobs", "partner-api"];
    for (const name of applications) {
      const sessions = await stage.pgSessions(stage.number(11, 13), `pgbouncer ${name}`);
      await sessions[0]?.query(
        `CREATE TABLE ${name.replace("-", "_")}_items (sku text, lot text, left_over int, PRIMARY KEY (sku, lot))`,
      );
      // One driver that goes round: each session works for a moment and is reset when it is given back.
      await keepRunning(stage, [sessions], 20, async (all, turn) => {
        const client = all[turn % all.length];
        await client?.query(`SELECT left_over FROM ${name.replace("-", "_")}_items WHERE sku = $1`, ["A1"]);
        await client?.query("DISCARD ALL");
        await pause(90);
      });
    }
    await pause(6000);
    return { culprits: [] };
  },
});
