import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A rolling release hangs half-way: old and new pods both keep their pools, and all but a few of the connections are taken",
  majors: [14, 17, 16],
  tiers: ["immediate", "performance", "health"],
  server: { maxConnections: 60 },
  make: async (stage) => {
    await ordinaryWork(stage);
    const old = await stage.pgSessions(25, "orders-api-v41");
    const fresh = await stage.pgSessions(26, "orders-api-v42");
    // Each pool hands out a connection now and then; none of them is lost, there are only too many.
    await keepRunning(stage, [...old, ...fresh], 110, async (client, turn) => {
      await client.query("SELECT now(), $1::int AS turn", [turn]);
      await pause(1500);
    });
    await pause(8000);
    return { culprits: [] };
  },
});
