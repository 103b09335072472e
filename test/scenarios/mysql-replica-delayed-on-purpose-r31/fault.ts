import { createConnection, type RowDataPacket } from "mysql2/promise";
import { closeAll, waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { untilCaughtUp } from "../support/mysql-caught-up.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

// As mysql.rds_set_source_delay does: a replica an hour behind, against a DROP by mistake.
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Well: the replica is behind because it is told to stay an hour behind, as its insurance against mistakes",
  tiers: ["immediate", "performance", "health"],
  server: { replicas: 1 },
  look: "replica",
  thresholds: { replicationLagSeconds: 8 },
  make: async (stage) => {
    const setup = await oneMy(stage, stage.application());
    const [node] = stage.server.replicas;
    if (node === undefined) throw new Error("no replica");
    const replica = await createConnection({ uri: node.adminUrl });
    stage.cleanUp(() => closeAll([replica]));
    await untilCaughtUp(stage, replica);
    await replica.query("STOP REPLICA");
    await replica.query("CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 3600");
    await replica.query("START REPLICA");
    await ordinaryWork(stage, 3);
    await setup.query("SELECT SLEEP(10)");
    await waitUntil(
      async () => {
        const [status] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        return Number(status[0]?.["Seconds_Behind_Source"]) > 12;
      },
      { what: "the replica is behind", timeoutMs: 30_000, everyMs: 250 },
    );
    return { culprits: [] };
  },
});
