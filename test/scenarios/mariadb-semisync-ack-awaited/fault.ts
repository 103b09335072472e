import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Commits must be acknowledged by a replica, the replica follows but no longer acknowledges: every writer waits at its commit",
  tiers: ["immediate", "performance"],
  thresholds: { slowQuerySeconds: 0.5, longRunningSeconds: 2 },
  server: { replicas: 1 },
  make: async (stage) => {
    const table = stage.table();
    const writers = await stage.mySessions(stage.number(6, 9), stage.application());
    const reader = await oneMy(stage, stage.application());
    await reader.query(`CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, n int)`);
    await reader.query(`INSERT INTO ${table} (n) VALUES (1), (2), (3)`);
    const admin = await createConnection({ uri: stage.mysql().adminUrl });
    stage.cleanUp(() => admin.end());
    await admin.query("SET GLOBAL rpl_semi_sync_master_timeout = 600000");
    await admin.query("SET GLOBAL rpl_semi_sync_master_wait_no_slave = ON");
    await admin.query("SET GLOBAL rpl_semi_sync_master_enabled = ON");
    stage.cleanUp(() => admin.query("SET GLOBAL rpl_semi_sync_master_enabled = OFF"));
    for (const [index, writer] of writers.entries()) {
      stage.leave(writer.query(`INSERT INTO ${table} (n) VALUES (${index})`));
    }
    await waitUntil(
      async () => {
        const [rows] = await admin.query<RowDataPacket[]>(
          "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE state LIKE 'Waiting for semi-sync%'",
        );
        return Number(rows[0]?.["n"]) === writers.length;
      },
      { what: "the writers wait for an acknowledgement", everyMs: 150 },
    );
    await admin.query("SELECT SLEEP(3)");
    return { culprits: [] };
  },
});
