import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { nowAndThen } from "../support/now-and-then.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Somebody wrote to the replica; a row of the primary's collides with it (1062) and replication has stopped",
  tiers: ["immediate", "performance", "health"],
  server: { replicas: 1 },
  look: "replica",
  make: async (stage) => {
    await ordinaryWork(stage);
    const primary = await oneMy(stage, "signup");
    await primary.query(
      "CREATE TABLE vouchers (id int PRIMARY KEY, code varchar(20) NOT NULL, UNIQUE KEY code (code))",
    );
    const rows = Array.from({ length: 200 }, (_, index) => `(${index + 1}, 'V${index * 31}')`);
    await primary.query(`INSERT INTO vouchers VALUES ${rows.join(", ")}`);
    const [node] = stage.server.replicas;
    if (node === undefined) throw new Error("no replica");
    const replica = await createConnection({ uri: node.adminUrl });
    replica.on("error", () => undefined);
    stage.cleanUp(async () => replica.destroy());
    await waitUntil(
      async () => {
        const [[row]] = await replica.query<RowDataPacket[]>("SELECT COUNT(*) AS n FROM app.vouchers");
        return Number(row?.["n"]) === 200;
      },
      { what: "the replica has the vouchers" },
    );
    // A script that was pointed at the wrong endpoint.
    await replica.query("INSERT INTO app.vouchers VALUES (201, 'MANUAL-201')");
    await primary.query("INSERT INTO vouchers VALUES (201, 'V9999')");
    await waitUntil(
      async () => {
        const [[row]] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        return Number(row?.["Last_SQL_Errno"]) === 1062;
      },
      { what: "the applier has stopped" },
    );
    const reader = await createConnection({ uri: node.masterUrl, connectAttributes: { program_name: "bi" } });
    reader.on("error", () => undefined);
    stage.cleanUp(async () => reader.destroy());
    await nowAndThen(stage, reader, (client, turn) =>
      client.query(`SELECT code FROM app.vouchers WHERE id = ${1 + turn}`),
    );
    for (let id = 202; id < 240; id += 1)
      await primary.query(`INSERT INTO vouchers VALUES (${id}, 'W${id}')`);
    await pause(5000);
    return { culprits: [] };
  },
});
