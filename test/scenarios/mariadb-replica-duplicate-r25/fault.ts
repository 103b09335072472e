import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Somebody wrote a row on the replica by mistake; the source's row of the same key cannot be applied, it stops",
  tiers: ["immediate", "performance"],
  look: "replica",
  server: { replicas: 1 },
  thresholds: { replicationLagSeconds: 5 },
  make: async (stage) => {
    const [node] = stage.server.replicas;
    if (node === undefined) throw new Error("no replica");
    const table = stage.table();
    const shop = await oneMy(stage, stage.application());
    await shop.query(`CREATE TABLE ${table} (id int PRIMARY KEY AUTO_INCREMENT, sku varchar(30) NOT NULL)`);
    await shop.query(`INSERT INTO ${table} (sku) VALUES ("a-1"), ("a-2"), ("a-3")`);
    const replica = await createConnection({ uri: node.adminUrl });
    stage.cleanUp(() => replica.end());
    await waitUntil(
      async () => {
        const [rows] = await replica.query<RowDataPacket[]>(`SELECT COUNT(*) AS n FROM ${table}`);
        return Number(rows[0]?.["n"]) === 3;
      },
      { what: "the replica has the table" },
    );
    await replica.query(`INSERT INTO ${table} (id, sku) VALUES (4, "fixed by hand")`);
    await shop.query(`INSERT INTO ${table} (sku) VALUES ("b-1")`);
    await ordinaryWork(stage);
    await waitUntil(
      async () => {
        const [rows] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        return rows[0]?.["Slave_SQL_Running"] === "No";
      },
      { what: "the replica has stopped" },
    );
    await pause(3000);
    return { culprits: [] };
  },
});
