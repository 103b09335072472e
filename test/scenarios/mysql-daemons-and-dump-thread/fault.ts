import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { nowAndThen } from "../support/now-and-then.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "The event scheduler and the replica's dump thread have stood in the process list since the start: they belong there",
  tiers: ["immediate", "performance"],
  thresholds: {
    slowQuerySeconds: 0.5,
    longRunningSeconds: 1,
    killCandidateSeconds: 2,
    idleSessionSeconds: 1,
  },
  server: { replicas: 1 },
  make: async (stage) => {
    const table = stage.table();
    const web = await oneMy(stage, stage.application());
    const admin = await createConnection({ uri: stage.mysql().adminUrl });
    stage.cleanUp(() => admin.end());
    await admin.query("SET GLOBAL event_scheduler = ON");
    await web.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int NOT NULL)`);
    await web.query(`INSERT INTO ${table} VALUES (1, 0), (2, 0), (3, 0)`);
    await admin.query(
      `CREATE EVENT app.tidy_up ON SCHEDULE EVERY 1 HOUR STARTS NOW() + INTERVAL 1 HOUR
       DO DELETE FROM app.${table} WHERE n < 0`,
    );
    await waitUntil(
      async () => {
        const [rows] = await admin.query<RowDataPacket[]>(
          "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE command IN ('Daemon', 'Binlog Dump', 'Binlog Dump GTID') AND time >= 3",
        );
        return Number(rows[0]?.["n"]) >= 2;
      },
      { what: "scheduler and dump thread stand there for 3 s", everyMs: 300 },
    );
    await nowAndThen(stage, web, (session, turn) =>
      session.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${(turn % 3) + 1}`),
    );
    return { culprits: [] };
  },
});
