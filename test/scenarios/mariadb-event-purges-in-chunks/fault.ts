import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "An event of the scheduler purges old sessions by index every second in small pieces beside its clients",
  tiers: ["immediate", "performance"],
  server: { settings: { event_scheduler: "ON" } },
  metrics: () => [busyCpu(29)],
  make: async (stage) => {
    const admin = await openSession(stage.mysql());
    stage.cleanUp(() => admin.end());
    await admin.query(
      "CREATE TABLE app.web_sessions (id int AUTO_INCREMENT PRIMARY KEY, expires int NOT NULL, body varchar(60), KEY ix_expires (expires))",
    );
    await admin.query(
      `INSERT INTO app.web_sessions (expires, body) SELECT n, CONCAT('s', n) FROM ${numbersTo(60_000)}`,
    );
    await admin.query("ANALYZE TABLE app.web_sessions");
    await admin.query(`CREATE EVENT app.purge_sessions ON SCHEDULE EVERY 1 SECOND DO
      DELETE FROM app.web_sessions WHERE expires < 50000 ORDER BY expires LIMIT 500`);
    await ordinaryWork(stage, 3);
    const clients = await stage.mySessions(stage.number(4, 6), "web");
    await keepRunning(stage, clients, 500, async (client, turn) => {
      await client.query("SELECT body FROM web_sessions WHERE id = ?", [55_000 + (turn % 4000)]);
      if (turn % 4 === 0)
        await client.query("INSERT INTO web_sessions (expires, body) VALUES (?, 'new')", [70_000 + turn]);
      await pause(25);
    });
    return { culprits: [] };
  },
});
