import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { untilCaughtUp } from "../support/mysql-caught-up.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

// After https://aws.amazon.com/blogs/database/recover-from-a-disaster-with-delayed-replication-in-amazon-rds-for-mysql/
export const scenario = defineScenario({
  engine: "mysql",
  title: "Harmless: a replica kept an hour behind on purpose, against a DROP by mistake",
  tiers: ["immediate", "performance", "health"],
  thresholds: { replicationLagSeconds: 5 },
  server: { replicas: 1 },
  look: "replica",
  make: async (stage) => {
    const [node] = stage.mysql().replicas;
    const replica = await createConnection({ uri: node?.adminUrl ?? "" });
    stage.cleanUp(async () => replica.destroy());
    await untilCaughtUp(stage, replica);
    await replica.query("STOP REPLICA");
    await replica.query("CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 3600");
    await replica.query("START REPLICA");
    await ordinaryWork(stage);
    await waitUntil(
      async () => {
        const [[status]] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        return Number(status?.["Seconds_Behind_Source"]) >= 12;
      },
      { what: "the replica is behind", timeoutMs: 40_000, everyMs: 500 },
    );
    return { culprits: [] };
  },
});
