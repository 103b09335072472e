import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "A table is missing on the replica; the first change to it breaks replication",
  tiers: ["immediate", "performance"],
  server: { replicas: 1 },
  look: "replica",
  make: async (stage) => {
    const table = stage.table();
    const [writer] = await stage.mySessions(1, stage.application());
    const replica = await createConnection({ uri: stage.server.replicas[0]?.adminUrl ?? "" });
    stage.cleanUp(() => replica.end());
    await writer?.query(`CREATE TABLE ${table} (id int PRIMARY KEY)`);
    await waitUntil(
      async () => {
        const [rows] = await replica.query<RowDataPacket[]>(`SHOW TABLES FROM app LIKE '${table}'`);
        return rows.length === 1;
      },
      { what: "the table to arrive" },
    );
    await replica.query("SET sql_log_bin = 0");
    await replica.query(`DROP TABLE app.${table}`);
    await writer?.query(`INSERT INTO ${table} VALUES (${stage.number(1, 900)})`);
    await waitUntil(
      async () => {
        const [rows] = await replica.query<RowDataPacket[]>("SHOW SLAVE STATUS");
        return rows[0]?.["Slave_SQL_Running"] === "No";
      },
      { what: "the applier to stop" },
    );
    return { culprits: [] };
  },
});
