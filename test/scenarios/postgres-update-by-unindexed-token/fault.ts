import { markByUnindexedToken } from "../faults/update-by-unindexed-token.ts";
import { defineScenario } from "../scenario.ts";

/** Every request marks its session as seen: an UPDATE that finds one row, until the migration took the column's index. */
export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A migration replaced the token's column, and its index went with it: each UPDATE reads the whole table",
  tiers: ["immediate", "performance", "health"],
  majors: [16],
  make: markByUnindexedToken,
});
