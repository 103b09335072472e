import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { untilCaughtUp } from "../support/mysql-caught-up.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "An ETL job tidied a row away on the writable replica; the next change of it cannot be applied",
  server: { replicas: 1 },
  look: "replica",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const store = await oneMy(stage, stage.application());
    await store.query(
      "CREATE TABLE stock_levels (warehouse char(4) NOT NULL, sku varchar(24) NOT NULL, on_hand int NOT NULL, PRIMARY KEY (warehouse, sku))",
    );
    await store.query(
      "INSERT INTO stock_levels VALUES ('BER1', 'SKU-100', 5), ('BER1', 'SKU-200', 0), ('MUC2', 'SKU-100', 9), ('MUC2', 'SKU-300', 2)",
    );
    const [node] = stage.server.replicas;
    if (node === undefined) throw new Error("no replica");
    const replica = await createConnection({ uri: node.adminUrl });
    stage.cleanUp(() => replica.end());
    await untilCaughtUp(stage, replica);
    await replica.query("SET sql_log_bin = 0");
    await replica.query("DELETE FROM app.stock_levels WHERE on_hand = 0");
    await ordinaryWork(stage, 2);
    await store.query("UPDATE stock_levels SET on_hand = 12 WHERE warehouse = 'BER1' AND sku = 'SKU-200'");
    await waitUntil(
      async () => {
        const [rows] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        return rows[0]?.["Replica_SQL_Running"] === "No";
      },
      { what: "the applier stops" },
    );
    await store.query("SELECT SLEEP(3)");
    return { culprits: [] };
  },
});
