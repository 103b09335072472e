import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "Slow log off, TLS optional, time-outs as shipped: to be tidied up, and no incident",
  tiers: ["immediate", "performance"],
  server: { settings: { "slow-query-log": "OFF" } },
  make: async (stage) => {
    await stage.mySessions(stage.number(2, 9), stage.application());
    return { culprits: [] };
  },
});
