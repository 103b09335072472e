import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { nowAndThen } from "../support/now-and-then.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Healthy: a scheduler's leader keeps its advisory lock as long as it lives, the others ask in vain now and then, and workers listen",
  majors: [14, 18, 16],
  tiers: ["immediate", "performance", "health"],
  thresholds: { idleSessionSeconds: 2, leakIdleSeconds: 60, manyWaitingSeconds: 2 },
  make: async (stage) => {
    await ordinaryWork(stage, 3);
    const leader = await onePg(stage, "scheduler");
    await leader.query("SELECT pg_advisory_lock(4242)");
    const listeners = await stage.pgSessions(8, "worker-listen");
    for (const listener of listeners) await listener.query("LISTEN work");
    const [second, third] = await stage.pgSessions(2, "scheduler");
    for (const follower of [second, third]) {
      if (follower === undefined) continue;
      await nowAndThen(stage, follower, (session) =>
        session.query("SELECT pg_try_advisory_lock(4242) AS leader"),
      );
    }
    return { culprits: [] };
  },
});
