import { Client } from "pg";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A fresh slot that keeps next to nothing: nothing is wrong",
  tiers: ["immediate", "performance"],
  thresholds: { walRetainedMb: 64 },
  make: async (stage) => {
    const admin = new Client({ connectionString: stage.server.adminUrl });
    await admin.connect();
    stage.cleanUp(() => admin.end());
    await admin.query(`SELECT pg_create_physical_replication_slot('standby_${stage.application()}', true)`);
    const writer = await onePg(stage, stage.application());
    await writer.query(`CREATE TABLE ${stage.table()} (id int)`);
    return { culprits: [] };
  },
});
