import { createConnection, type RowDataPacket } from "mysql2/promise";
import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

// After https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/proactive-insights.history-list.html
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A BI tool has read once and left its snapshot open; nothing that is written since can be purged, and the history list grows",
  tiers: ["immediate", "performance", "health"],
  thresholds: { idleInTransactionSeconds: 15 },
  server: { settings: { "loose-innodb-redo-log-capacity": "268435456" } },
  make: async (stage) => {
    const { port, adminUrl } = stage.mysql();
    const table = stage.table();
    const admin = await openSession(stage.mysql());
    await admin.query("CREATE USER metabase@'%' IDENTIFIED BY 'reads-only'");
    await admin.query("GRANT SELECT ON app.* TO metabase@'%'");
    const setup = await oneMy(stage, "migrate");
    await setup.query(`CREATE TABLE ${table} (id int PRIMARY KEY, hits int NOT NULL)`);
    await setup.query(`INSERT INTO ${table} SELECT n, 0 FROM ${numbersTo(5000)}`);
    await setup.query(
      `CREATE PROCEDURE count_hits(lowest int) BEGIN
         DECLARE turn int DEFAULT 0;
         WHILE turn < 500 DO
           UPDATE ${table} SET hits = hits + 1 WHERE id = lowest + turn % 1000;
           SET turn = turn + 1;
         END WHILE;
       END`,
    );
    await ordinaryWork(stage);
    const metabase = await createConnection({
      host: new URL(adminUrl).hostname,
      port,
      user: "metabase",
      password: "reads-only",
      database: "app",
      connectAttributes: { program_name: "metabase" },
    });
    stage.cleanUp(async () => metabase.destroy());
    await metabase.query("START TRANSACTION WITH CONSISTENT SNAPSHOT");
    await metabase.query(`SELECT SUM(hits) FROM ${table}`);
    const id = metabase.threadId;
    const counters = await stage.mySessions(3, stage.application());
    await keepRunning(stage, counters, 10, (session, turn) =>
      session.query(`CALL count_hits(${1 + (turn % 3) * 1000})`),
    );
    await waitUntil(
      async () => {
        const [[row]] = await admin.query<RowDataPacket[]>(
          "SELECT `count` AS n FROM information_schema.innodb_metrics WHERE name = 'trx_rseg_history_len'",
        );
        return Number(row?.["n"]) >= 150_000;
      },
      { what: "the history list is long", timeoutMs: 150_000, everyMs: 500 },
    );
    await admin.query("SELECT SLEEP(10)");
    await admin.end();
    return { culprits: [id] };
  },
});
