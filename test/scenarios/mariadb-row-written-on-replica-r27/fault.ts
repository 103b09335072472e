import { createConnection, type RowDataPacket } from "mysql2/promise";
import { closeAll, waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

// After https://www.fixwikihub.com/articles/fix-mysql-replication-sql-thread-stopped, https://example-a.com/answer/54560730
export const scenario = defineScenario({
  engine: "mariadb",
  title: "Somebody wrote a row on the replica; the writer's row of the same id stopped it with 1062",
  server: { replicas: 1 },
  look: "replica",
  make: async (stage) => {
    const table = stage.table();
    const [node] = stage.server.replicas;
    const replica = await createConnection({ uri: node?.adminUrl ?? "" });
    stage.cleanUp(() => closeAll([replica]));
    const writer = await oneMy(stage, stage.application());
    await writer.query(
      `CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, name varchar(60) NOT NULL)`,
    );
    await writer.query(
      `INSERT INTO ${table} (id, name) SELECT n, CONCAT('customer ', n) FROM ${numbersTo(2000)}`,
    );
    await ordinaryWork(stage);
    await waitUntil(
      async () => {
        const [[row]] = await replica.query<RowDataPacket[]>(`SELECT COUNT(*) AS n FROM ${table}`);
        return Number(row?.["n"]) === 2000;
      },
      { what: "the replica has all rows" },
    );
    await replica.query(`INSERT INTO ${table} (id, name) VALUES (2001, 'by hand')`);
    await writer.query(`INSERT INTO ${table} (id, name) VALUES (2001, 'customer 2001')`);
    await waitUntil(
      async () => {
        const [[status]] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        return status?.["Slave_SQL_Running"] === "No";
      },
      { what: "the replica has stopped" },
    );
    await writer.query(
      `INSERT INTO ${table} (name) SELECT CONCAT('customer ', 2001 + n) FROM ${numbersTo(500)}`,
    );
    await writer.query("SELECT SLEEP(5)");
    return { culprits: [] };
  },
});
