import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Healthy: the gateway counts each API key's calls by an upsert, many keys at once, each statement short",
  majors: [16],
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const gateways = await stage.pgSessions(stage.number(8, 10), stage.application());
    const [setup] = gateways;
    await setup?.query(
      "CREATE TABLE rate_limits (api_key text NOT NULL, minute timestamptz NOT NULL, hits int NOT NULL, PRIMARY KEY (api_key, minute)) WITH (fillfactor = 70)",
    );
    await ordinaryWork(stage, 3);
    await keepRunning(stage, gateways, 2500, async (client, turn) => {
      await client.query(
        "INSERT INTO rate_limits AS r (api_key, minute, hits) VALUES ($1, date_trunc('minute', now()), 1) ON CONFLICT (api_key, minute) DO UPDATE SET hits = r.hits + 1 RETURNING hits",
        [`key-${turn % 1700}`],
      );
      await pause(12);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(47)],
});
