import { workersWantTheOldestJob } from "../faults/queue-without-skip-locked.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Twelve workers ask for the oldest job FOR UPDATE, without SKIP LOCKED: one works, eleven wait for its row",
  tiers: ["immediate", "performance"],
  majors: [14],
  make: workersWantTheOldestJob,
});
