import { markByUnindexedToken } from "../faults/update-by-unindexed-token.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A migration took the token's index and left the old row versions; autovacuum has not come yet, and is not the remedy",
  tiers: ["immediate", "performance", "health"],
  majors: [16],
  server: { settings: { autovacuum_naptime: "3600" } },
  make: markByUnindexedToken,
});
