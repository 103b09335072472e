import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { untilCaughtUp } from "../support/mysql-caught-up.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "The replication user's password was rotated at the source only; the replica cannot sign in any more",
  tiers: ["immediate", "performance"],
  server: { replicas: 1 },
  look: "replica",
  make: async (stage) => {
    const [source, replica] = await Promise.all(
      [stage.server.adminUrl, stage.server.replicas[0]?.adminUrl ?? ""].map((uri) =>
        createConnection({ uri }),
      ),
    );
    if (source === undefined || replica === undefined) throw new Error("no connection");
    stage.cleanUp(() => source.end());
    stage.cleanUp(() => replica.end());
    await untilCaughtUp(stage, replica);
    await source.query("SET sql_log_bin = 0");
    await source.query(`ALTER USER rdsrepladmin@'%' IDENTIFIED BY 'rotated-${stage.number(100, 999)}'`);
    await replica.query("STOP REPLICA IO_THREAD");
    await replica.query("START REPLICA IO_THREAD");
    await waitUntil(
      async () => {
        const [rows] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        return Number(rows[0]?.["Last_IO_Errno"]) !== 0;
      },
      { what: "the receiver to be refused" },
    );
    return { culprits: [] };
  },
});
