import { onePg, pgWaiting } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A standby waits for the leader's advisory lock, as it does every day",
  thresholds: { slowQuerySeconds: 0.3, longRunningSeconds: 30 },
  make: async (stage) => {
    const application = stage.application();
    const key = stage.number(1, 1_000_000);
    const leader = await onePg(stage, application);
    const standby = await onePg(stage, application);
    await leader.query(`SELECT pg_advisory_lock(${key})`);
    stage.leave(standby.query(`SELECT pg_advisory_lock(${key})`));
    await pgWaiting(stage, 1, 1.5);
    return { culprits: [] };
  },
});
