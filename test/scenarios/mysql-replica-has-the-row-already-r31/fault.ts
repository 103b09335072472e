import { createConnection, type RowDataPacket } from "mysql2/promise";
import { closeAll, waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { untilCaughtUp } from "../support/mysql-caught-up.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

// After https://errornotes.dev/en/errors/mysql/mysql-replication-error-how-to-fix-duplicate-entry-slavesqlrunning-no
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Somebody mended a row on the read replica by hand; the same row comes from the source and the applier stops with 1062",
  tiers: ["immediate", "performance", "health"],
  server: { replicas: 1 },
  look: "replica",
  make: async (stage) => {
    const table = stage.table();
    const setup = await oneMy(stage, stage.application());
    await setup.query(
      `CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, customer_id int NOT NULL, total decimal(10,2) NOT NULL)`,
    );
    const rows = Array.from({ length: 300 }, (_, index) => `(${index % 40}, ${index}.50)`);
    await setup.query(`INSERT INTO ${table} (customer_id, total) VALUES ${rows.join(", ")}`);
    const [node] = stage.server.replicas;
    if (node === undefined) throw new Error("no replica");
    const replica = await createConnection({ uri: node.adminUrl });
    stage.cleanUp(() => closeAll([replica]));
    await untilCaughtUp(stage, replica);
    await replica.query(`INSERT INTO ${table} (id, customer_id, total) VALUES (301, 12, 99.00)`);
    await ordinaryWork(stage);
    await setup.query(`INSERT INTO ${table} (customer_id, total) VALUES (12, 99.00)`);
    await waitUntil(
      async () => {
        const [status] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        return Number(status[0]?.["Last_SQL_Errno"]) === 1062;
      },
      { what: "the applier stops with 1062", everyMs: 100 },
    );
    // Source and readers go on meanwhile.
    await setup.query("SELECT SLEEP(5)");
    return { culprits: [] };
  },
});
