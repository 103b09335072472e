import { createConnection, type RowDataPacket } from "mysql2/promise";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import { makeTable, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { untilCaughtUp } from "../support/mysql-caught-up.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A dump on the replica has locked its tables for reading and hangs; the applier waits and the replica falls behind",
  tiers: ["immediate", "performance"],
  server: { replicas: 1 },
  look: "replica",
  thresholds: { replicationLagSeconds: 3, idleInTransactionSeconds: 5, longRunningSeconds: 3 },
  make: async (stage) => {
    const [table, other] = [stage.table(), stage.table()];
    const writer = await oneMy(stage, stage.application());
    await makeTable(writer, table);
    await makeTable(writer, other);
    const [node] = stage.server.replicas;
    const monitor = await createConnection({ uri: node?.adminUrl ?? "" });
    stage.cleanUp(() => monitor.end());
    await untilCaughtUp(stage, monitor);
    const dump = await createConnection({
      uri: labUrl("mysql", node?.port ?? 0, "shop"),
      connectAttributes: { program_name: "mysqldump" },
    });
    dump.on("error", () => undefined);
    stage.cleanUp(async () => dump.destroy());
    await dump.query(`LOCK TABLES ${table} READ, ${other} READ`);
    await dump.query(`SELECT * FROM ${table}`);
    const changed = stage.number(3, 9);
    await writer.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${changed}`);
    await waitUntil(
      async () => {
        const [rows] = await monitor.query<RowDataPacket[]>(
          "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE state LIKE 'Waiting for table metadata lock'",
        );
        return Number(rows[0]?.["n"]) === 1;
      },
      { what: "the applier to wait" },
    );
    for (let more = 10; more < 30; more += 1) {
      await writer.query(`UPDATE ${other} SET n = n + 1 WHERE id = ${more}`);
    }
    await monitor.query("SELECT SLEEP(7)");
    return { culprits: [dump.threadId ?? 0] };
  },
});
