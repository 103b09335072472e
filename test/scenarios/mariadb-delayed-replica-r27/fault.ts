import { createConnection, type RowDataPacket } from "mysql2/promise";
import { closeAll, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "Nothing: a replica kept one hour behind on purpose, for the day somebody drops a table",
  server: { replicas: 1 },
  look: "replica",
  thresholds: { replicationLagSeconds: 3 },
  make: async (stage) => {
    const [node] = stage.server.replicas;
    const replica = await createConnection({ uri: node?.adminUrl ?? "" });
    stage.cleanUp(() => closeAll([replica]));
    // The responder's users must be there before the hour begins.
    const writer = await openSession(stage.mysql());
    const [[at]] = await writer.query<RowDataPacket[]>("SELECT @@GLOBAL.gtid_binlog_pos AS position");
    await writer.end();
    await replica.query("SELECT MASTER_GTID_WAIT(?, 10)", [at?.["position"]]);
    await replica.query("STOP SLAVE");
    await replica.query("CHANGE MASTER TO MASTER_DELAY = 3600");
    await replica.query("START SLAVE");
    await ordinaryWork(stage);
    await waitUntil(
      async () => {
        const [[status]] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        return Number(status?.["Seconds_Behind_Master"]) > 8;
      },
      { what: "the replica is behind", timeoutMs: 40_000, everyMs: 200 },
    );
    return { culprits: [] };
  },
});
