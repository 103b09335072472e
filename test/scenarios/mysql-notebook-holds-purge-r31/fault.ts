import { createConnection, type RowDataPacket } from "mysql2/promise";
import { closeAll, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

// After https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/proactive-insights.history-list.html
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A notebook left its snapshot open and idles; presence counters are written all the time, and purge may remove nothing",
  tiers: ["immediate", "performance", "health"],
  thresholds: { idleInTransactionSeconds: 20 },
  make: async (stage) => {
    const { port, adminUrl } = stage.mysql();
    const setup = await oneMy(stage, stage.application());
    await setup.query(
      "CREATE TABLE presence (id int PRIMARY KEY, beats bigint NOT NULL, at datetime NOT NULL)",
    );
    const rows = Array.from({ length: 500 }, (_, index) => `(${index + 1}, 0, NOW())`);
    await setup.query(`INSERT INTO presence VALUES ${rows.join(", ")}`);
    // As the game servers of a fleet write it, without a network between.
    await setup.query(`CREATE PROCEDURE beat(IN first_id int, IN times int)
      BEGIN
        WHILE times > 0 DO
          UPDATE presence SET beats = beats + 1, at = NOW() WHERE id = first_id + times % 200;
          SET times = times - 1;
        END WHILE;
      END`);
    const admin = await openSession(stage.mysql());
    await admin.query("CREATE USER jupyter@'%' IDENTIFIED BY 'notebook-lab'");
    await admin.query("GRANT SELECT ON app.* TO jupyter@'%'");
    await closeAll([admin]);
    await ordinaryWork(stage);
    const notebook = await createConnection({
      host: new URL(adminUrl).hostname,
      port,
      user: "jupyter",
      password: "notebook-lab",
      database: "app",
      connectAttributes: { program_name: "jupyter" },
    });
    notebook.on("error", () => undefined);
    stage.cleanUp(() => closeAll([notebook]));
    await notebook.query("START TRANSACTION WITH CONSISTENT SNAPSHOT");
    await notebook.query("SELECT COUNT(*), SUM(beats) FROM presence");
    const writers = await stage.mySessions(2, "game-server");
    for (const [index, writer] of writers.entries()) {
      stage.leave(
        (async () => {
          for (;;) await writer.query(`CALL beat(${1 + index * 250}, 4000)`);
        })(),
      );
    }
    const watcher = await openSession(stage.mysql());
    await waitUntil(
      async () => {
        const [metrics] = await watcher.query<RowDataPacket[]>(
          "SELECT count FROM information_schema.innodb_metrics WHERE name = 'trx_rseg_history_len'",
        );
        return Number(metrics[0]?.["count"]) > 1_050_000;
      },
      { what: "a million old versions", timeoutMs: 200_000, everyMs: 500 },
    );
    await closeAll([watcher]);
    return { culprits: [notebook.threadId ?? 0] };
  },
});
