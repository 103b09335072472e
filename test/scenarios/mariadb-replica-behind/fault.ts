import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "The replica applies one slow statement of the source while everything after it waits",
  tiers: ["immediate", "performance"],
  server: { replicas: 1, settings: { "binlog-format": "STATEMENT" } },
  look: "replica",
  thresholds: { replicationLagSeconds: 2 },
  make: async (stage) => {
    const table = stage.table();
    const [writer] = await stage.mySessions(1, stage.application());
    const replica = await createConnection({ uri: stage.server.replicas[0]?.adminUrl ?? "" });
    stage.cleanUp(() => replica.end());
    await writer?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
    await writer?.query(`INSERT INTO ${table} VALUES (1, 0)`);
    // The replica repeats the statement, and with it the time it took.
    const seconds = stage.number(4, 6);
    stage.leave(writer?.query(`UPDATE ${table} SET n = SLEEP(${seconds})`) ?? Promise.resolve());
    await waitUntil(
      async () => {
        const [rows] = await replica.query<RowDataPacket[]>("SHOW SLAVE STATUS");
        return Number(rows[0]?.["Seconds_Behind_Master"]) >= 3;
      },
      { what: "the replica to be behind", timeoutMs: 20_000 },
    );
    return { culprits: [] };
  },
});
