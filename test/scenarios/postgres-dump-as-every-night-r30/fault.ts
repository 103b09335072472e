import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { dumpRunning } from "../support/dump-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Healthy: the nightly pg_dump has copied one table for long, holds a snapshot and a lock on every table, and nobody waits for it",
  majors: [16, 17],
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 4, killCandidateSeconds: 8 },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(`CREATE TABLE attachments (id int PRIMARY KEY, body text NOT NULL);
      INSERT INTO attachments SELECT n, repeat(md5(n::text), 30) FROM generate_series(1, 40000) n`);
    await setup.query("VACUUM ANALYZE attachments");
    await ordinaryWork(stage, 4);
    await dumpRunning(stage, ["attachments"], "attachments", "id, body");
    await pause(14_000);
    return { culprits: [] };
  },
});
