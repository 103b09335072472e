import { createConnection, type RowDataPacket } from "mysql2/promise";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import { makeTable, oneMy } from "../lock-waits.ts";
import { defineScenario, type MysqlFamily, type Scenario } from "../scenario.ts";

/** The ALTER that waits is the replica's own applier: ending it stops replication, ending the reader mends all. */
export function replicaDdlBehindReader(engine: MysqlFamily): Scenario {
  return defineScenario({
    engine,
    title:
      "On the replica a reader forgot its transaction; the applier's ALTER waits for it, and readers for the ALTER",
    tiers: ["immediate", "performance"],
    server: { replicas: 1 },
    look: "replica",
    thresholds: { replicationLagSeconds: 3, idleInTransactionSeconds: 5 },
    make: async (stage) => {
      const table = stage.table();
      const writer = await oneMy(stage, stage.application());
      const [node] = stage.server.replicas;
      const uri = labUrl(engine, node?.port ?? 0, "shop");
      const monitor = await createConnection({ uri: node?.adminUrl ?? "" });
      stage.cleanUp(() => monitor.end());
      const waiting = async (state: string, count: number) => {
        const sql = `SELECT COUNT(*) AS n FROM information_schema.processlist WHERE state LIKE '${state}'`;
        const [rows] = await monitor.query<RowDataPacket[]>(sql);
        return Number(rows[0]?.["n"]) === count;
      };
      const open = async (name: string) => {
        const session = await createConnection({ uri, connectAttributes: { program_name: name } });
        session.on("error", () => undefined);
        stage.cleanUp(async () => session.destroy());
        return session;
      };
      await makeTable(writer, table);
      const sql = `SELECT 1 FROM information_schema.tables WHERE table_name = '${table}' AND table_rows > 0`;
      await waitUntil(async () => JSON.stringify(await monitor.query(sql)).includes('"1":1'), {
        what: "the table to be on the replica",
      });
      const reader = await open("reports");
      await reader.query("START TRANSACTION");
      await reader.query(`SELECT COUNT(*) FROM ${table}`);
      await writer.query(`ALTER TABLE ${table} ADD COLUMN remark varchar(80)`);
      await waitUntil(() => waiting("Waiting for table metadata lock", 1), { what: "the applier to wait" });
      const clients = await Promise.all([1, 2, 3, 4].map(() => open(stage.application())));
      for (const client of clients) stage.leave(client.query(`SELECT n FROM ${table} WHERE id = 7`));
      await waitUntil(() => waiting("Waiting for table metadata lock", 5), { what: "readers to wait" });
      await monitor.query("SELECT SLEEP(6)");
      return { culprits: [reader.threadId ?? 0] };
    },
  });
}
