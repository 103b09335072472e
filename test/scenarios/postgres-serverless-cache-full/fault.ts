import { aCluster, aTopology } from "../../support/context-builder.ts";
import { defineScenario } from "../scenario.ts";
import { context, member, reading, steady } from "../support/rds.ts";

const gib = 1024 ** 3;

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Serverless v2 at its largest capacity because the cache fills it; the CPU has little to do: nothing is wrong",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    await stage.pgSessions(stage.number(2, 6), stage.application());
    return { culprits: [] };
  },
  metrics: () => [
    steady("ACUUtilization", 100),
    steady("CPUUtilization", 12),
    steady("FreeableMemory", 7 * gib),
  ],
  context: () =>
    context({
      topology: aTopology({
        kind: "aurora-serverless-v2",
        members: [member({ instanceClass: "db.serverless", vcpus: null, storage: null })],
        cluster: aCluster({ serverless: { minAcu: 2, maxAcu: 16, autoPauseSeconds: null } }),
      }),
      readings: [
        reading(steady("ACUUtilization", 100), "percent", { day: 64, week: 60 }),
        reading(steady("CPUUtilization", 12), "percent", { day: 14, week: 11 }),
        reading(steady("FreeableMemory", 7 * gib), "bytes", { day: 7 * gib, week: 7 * gib }),
      ],
    }),
});
