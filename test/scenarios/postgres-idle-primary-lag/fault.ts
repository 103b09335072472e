import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { series } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Nobody writes, so the metric for replica lag grows minute by minute: nothing is wrong",
  tiers: ["immediate", "performance"],
  server: { replicas: 1 },
  make: async (stage) => {
    const writer = await onePg(stage, stage.application());
    await writer.query(`CREATE TABLE ${stage.table()} (id int)`);
    await writer.query("SELECT pg_sleep(0.5)");
    return { culprits: [] };
  },
  // now() - pg_last_xact_replay_timestamp() on a replica of an idle source, as RDS publishes it.
  metrics: (stage) => [
    series(
      "ReplicaLag",
      Array.from({ length: 15 }, (_, index) => 60 * index + stage.number(1, 50)),
      "scenario-db-replica",
    ),
  ],
});
