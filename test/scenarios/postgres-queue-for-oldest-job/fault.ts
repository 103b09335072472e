import { workersWantTheOldestJob } from "../faults/queue-without-skip-locked.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Workers queue for the oldest job; the one that has it now began its transaction before the others left the row",
  tiers: ["immediate", "performance"],
  majors: [14],
  make: workersWantTheOldestJob,
});
