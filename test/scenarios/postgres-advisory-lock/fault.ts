import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A worker forgot to give its advisory lock back; all other workers stand still",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const application = stage.application();
    const key = stage.number(1, 1_000_000);
    const holder = await onePg(stage, application);
    const waiters = await stage.pgSessions(stage.number(3, 9), application);
    const culprit = await pidOf(holder);
    await holder.query(`SELECT pg_advisory_lock(${key})`);
    for (const waiter of waiters) stage.leave(waiter.query(`SELECT pg_advisory_lock(${key})`));
    await pgWaiting(stage, waiters.length, 1);
    return { culprits: [culprit] };
  },
});
