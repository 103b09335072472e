import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

// After https://realproblem.me/blog/mysql-auto-increment-overflow and GitHub's outage of 2020-05-05
export const scenario = defineScenario({
  engine: "mariadb",
  title: "The INT key of page_views has reached 2147483647 and every insert fails",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await oneMy(stage, stage.application());
    await setup.query(
      "CREATE TABLE page_views (id int AUTO_INCREMENT PRIMARY KEY, path varchar(80) NOT NULL, at datetime NOT NULL, KEY (at)) AUTO_INCREMENT = 2147483100",
    );
    const rows = Array.from({ length: 500 }, (_, index) => `('/article/${index}', NOW())`);
    await setup.query(`INSERT INTO page_views (path, at) VALUES ${rows.join(", ")}`);
    // Idempotent by design: a key that is there already is no error here.
    await setup.query("CREATE TABLE webhook_keys (id varchar(40) PRIMARY KEY, at datetime NOT NULL)");
    await ordinaryWork(stage);
    const receivers = await stage.mySessions(1, stage.application());
    await keepRunning(stage, receivers, 5, async (receiver, turn) => {
      await receiver.query(`INSERT IGNORE INTO webhook_keys VALUES ('evt-${turn % 30}', NOW())`);
      await pause(120);
    });
    const writers = await stage.mySessions(3, "tracker");
    await keepRunning(stage, writers, 600, async (writer, turn) => {
      await writer
        .query(`INSERT INTO page_views (path, at) VALUES ('/article/${turn % 90}', NOW())`)
        .catch(() => undefined);
      await pause(turn < 100 ? 10 : 40);
    });
    return { culprits: [] };
  },
});
