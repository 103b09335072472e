import { onePg, pgWaiting } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Several standbys wait for the leader's advisory lock, as they do every day",
  thresholds: { slowQuerySeconds: 0.3, longRunningSeconds: 0.5 },
  make: async (stage) => {
    const application = stage.application();
    const key = stage.number(1, 1_000_000);
    const leader = await onePg(stage, application);
    const standbys = await stage.pgSessions(stage.number(2, 4), application);
    await leader.query(`SELECT pg_advisory_lock(${key})`);
    for (const standby of standbys) stage.leave(standby.query(`SELECT pg_advisory_lock(${key})`));
    await pgWaiting(stage, standbys.length, 1.5);
    return { culprits: [] };
  },
});
