import { defineScenario } from "../scenario.ts";
import { context } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A value in the parameter group could not be applied; the database runs on without it, and must not be rebooted",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    await stage.mySessions(stage.number(2, 6), stage.application());
    return { culprits: [] };
  },
  context: () => context({}, { parameterGroups: [{ name: "shop-mysql", status: "failed-to-apply" }] }),
});
