import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "One update of a table without a key: the replica scans the whole table for each of its rows",
  tiers: ["immediate", "performance", "health"],
  server: { replicas: 1, settings: { "binlog-format": "ROW" } },
  look: "replica",
  thresholds: { replicationLagSeconds: 3 },
  make: async (stage) => {
    const table = stage.table();
    const [writer] = await stage.mySessions(1, stage.application());
    const replica = await createConnection({ uri: stage.server.replicas[0]?.adminUrl ?? "" });
    stage.cleanUp(() => replica.end());
    await writer?.query(`CREATE TABLE ${table} (code int, state varchar(20), n int)`);
    await writer?.query(`INSERT INTO ${table} SELECT n, 'new', 0 FROM ${numbersTo(40_000)}`);
    const touched = stage.number(8_000, 12_000);
    await writer?.query(`UPDATE ${table} SET n = n + 1 WHERE code > ${40_000 - touched}`);
    await waitUntil(
      async () => {
        const [rows] = await replica.query<RowDataPacket[]>("SHOW SLAVE STATUS");
        return Number(rows[0]?.["Seconds_Behind_Master"]) >= 5;
      },
      { what: "the replica to be behind", timeoutMs: 30_000 },
    );
    return { culprits: [] };
  },
});
