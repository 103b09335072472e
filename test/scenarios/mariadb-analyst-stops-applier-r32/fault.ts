import { createConnection, type RowDataPacket } from "mysql2/promise";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { makeTable, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

// After https://dba.stackexchange.com/questions/286250/mysql-8-0-metadata-lock-extension-for-foreign-keys-causing-requests-to-hang
export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "An analyst's open transaction on the replica holds a table that the applier has to ALTER: replication stands, and reads queue behind it",
  tiers: ["immediate", "performance", "health"],
  thresholds: { replicationLagSeconds: 5, idleInTransactionSeconds: 5 },
  server: { replicas: 1 },
  look: "replica",
  make: async (stage) => {
    const table = stage.table();
    const [node] = stage.mysql().replicas;
    if (node === undefined) throw new Error("no replica");
    const admin = await openSession(stage.mysql());
    await admin.query("CREATE USER analyst@'%' IDENTIFIED BY 'reads-only'");
    await admin.query("GRANT SELECT ON app.* TO analyst@'%'");
    const setup = await oneMy(stage, "migrate");
    await makeTable(setup, table);
    await ordinaryWork(stage);
    const onReplica = (user: string, password: string, program: string) =>
      createConnection({
        host: "127.0.0.1",
        port: node.port,
        user,
        password,
        database: "app",
        connectAttributes: { program_name: program },
      });
    const there = await createConnection({ uri: node.adminUrl });
    stage.cleanUp(async () => there.destroy());
    const seen = `SELECT COUNT(*) AS n FROM information_schema.tables WHERE table_schema = 'app' AND table_name = '${table}'`;
    await waitUntil(async () => Number((await there.query<RowDataPacket[]>(seen))[0][0]?.["n"]) === 1, {
      what: "the replica has the table",
      everyMs: 100,
    });
    await there.query("SELECT SLEEP(1)");
    const analyst = await onReplica("analyst", "reads-only", "DBeaver");
    stage.cleanUp(async () => analyst.destroy());
    await analyst.query("SET autocommit = 0");
    await analyst.query(`SELECT state, COUNT(*) FROM ${table} GROUP BY state`);
    const id = analyst.threadId;
    await setup.query(`ALTER TABLE ${table} ADD COLUMN archived_at datetime NULL`);
    const program = stage.application();
    for (let count = 0; count < 4; count += 1) {
      const reader = await createConnection({
        uri: labUrl("mariadb", node.port, "shop"),
        connectAttributes: { program_name: program },
      });
      reader.on("error", () => undefined);
      stage.cleanUp(async () => reader.destroy());
      stage.leave(reader.query(`SELECT state, n FROM ${table} WHERE id = ${5 + count}`));
    }
    await waitUntil(
      async () => {
        const [rows] = await there.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        return Number(rows[0]?.["Seconds_Behind_Master"]) >= 12;
      },
      { what: "the replica lags", timeoutMs: 40_000, everyMs: 500 },
    );
    await admin.end();
    return { culprits: [id] };
  },
});
