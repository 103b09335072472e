import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { untilCaughtUp } from "../support/mysql-caught-up.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Nothing is wrong: the replica is an hour behind because it is told to be, against the day of a wrong DELETE",
  tiers: ["immediate", "performance", "health"],
  look: "replica",
  server: { replicas: 1 },
  thresholds: { replicationLagSeconds: 4 },
  make: async (stage) => {
    const [node] = stage.server.replicas;
    if (node === undefined) throw new Error("no replica");
    const replica = await createConnection({ uri: node.adminUrl });
    stage.cleanUp(() => replica.end());
    await untilCaughtUp(stage, replica);
    await replica.query("STOP REPLICA SQL_THREAD");
    await replica.query("CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 3600");
    await replica.query("START REPLICA SQL_THREAD");
    await ordinaryWork(stage);
    await waitUntil(
      async () => {
        const [rows] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        return Number(rows[0]?.["Seconds_Behind_Source"]) >= 10;
      },
      { what: "the replica is behind", timeoutMs: 60_000, everyMs: 200 },
    );
    return { culprits: [] };
  },
});
