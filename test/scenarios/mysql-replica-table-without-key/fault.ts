import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

/** MySQL hashes the rows of one event and reads the table once for each event: wide rows make many events. */
export const scenario = defineScenario({
  engine: "mysql",
  title: "A purge of a table without a key: the replica reads the table again for every handful of rows",
  tiers: ["immediate", "performance", "health"],
  server: { replicas: 1 },
  look: "replica",
  thresholds: { replicationLagSeconds: 3 },
  make: async (stage) => {
    const table = stage.table();
    const [writer] = await stage.mySessions(1, stage.application());
    const replica = await createConnection({ uri: stage.server.replicas[0]?.adminUrl ?? "" });
    stage.cleanUp(() => replica.end());
    const state =
      "SELECT 1 FROM performance_schema.processlist WHERE STATE LIKE 'Applying batch of row changes (delete)%'";
    const searching = async () => (await replica.query<RowDataPacket[]>(state))[0].length > 0;
    await writer?.query(`CREATE TABLE ${table} (code int, note varchar(900))`);
    await writer?.query(`INSERT INTO ${table} SELECT n, REPEAT('x', 800) FROM ${numbersTo(60_000)}`);
    await writer?.query(`DELETE FROM ${table} WHERE code > ${stage.number(20_000, 25_000)}`);
    await waitUntil(
      async () => {
        const [rows] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        return Number(rows[0]?.["Seconds_Behind_Source"]) >= 5 && (await searching());
      },
      { what: "the replica to be behind while it looks for rows", timeoutMs: 60_000 },
    );
    return { culprits: [] };
  },
});
