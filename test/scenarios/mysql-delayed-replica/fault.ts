import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { untilCaughtUp } from "../support/mysql-caught-up.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "A replica is meant to stay an hour behind (SOURCE_DELAY): nothing is wrong",
  tiers: ["immediate", "performance"],
  server: { replicas: 1 },
  look: "replica",
  thresholds: { replicationLagSeconds: 1 },
  make: async (stage) => {
    const replica = await createConnection({ uri: stage.server.replicas[0]?.adminUrl ?? "" });
    stage.cleanUp(() => replica.end());
    await untilCaughtUp(stage, replica);
    await replica.query("STOP REPLICA SQL_THREAD");
    await replica.query("CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 3600");
    await replica.query("START REPLICA SQL_THREAD");
    const [writer] = await stage.mySessions(1, stage.application());
    await writer?.query(`CREATE TABLE ${stage.table()} (id int PRIMARY KEY)`);
    await waitUntil(
      async () => {
        const [rows] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        return Number(rows[0]?.["Seconds_Behind_Source"]) >= 2;
      },
      { what: "the replica to be behind as it should" },
    );
    return { culprits: [] };
  },
});
