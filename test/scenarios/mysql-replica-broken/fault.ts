import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "A row that somebody wrote on the replica collides with one of the source; replication breaks",
  tiers: ["immediate", "performance"],
  server: { replicas: 1 },
  look: "replica",
  make: async (stage) => {
    const table = stage.table();
    const [writer] = await stage.mySessions(1, stage.application());
    const replica = await createConnection({ uri: stage.server.replicas[0]?.adminUrl ?? "" });
    stage.cleanUp(() => replica.end());
    await writer?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, note varchar(20))`);
    await waitUntil(
      async () => {
        const [rows] = await replica.query<RowDataPacket[]>(`SHOW TABLES FROM app LIKE '${table}'`);
        return rows.length === 1;
      },
      { what: "the table to arrive" },
    );
    const id = stage.number(1, 900);
    await replica.query("SET sql_log_bin = 0");
    await replica.query(`INSERT INTO app.${table} VALUES (${id}, 'by hand')`);
    await writer?.query(`INSERT INTO ${table} VALUES (${id}, 'by the shop')`);
    await waitUntil(
      async () => {
        const [rows] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        return rows[0]?.["Replica_SQL_Running"] === "No";
      },
      { what: "the applier to stop" },
    );
    return { culprits: [] };
  },
});
