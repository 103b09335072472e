import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

// After GitHub's incident of May 2020 and https://realproblem.me/blog/mysql-auto-increment-overflow
export const scenario = defineScenario({
  engine: "mysql",
  title: "The ids of a table of notifications are used up (int, signed): every insert fails as a duplicate",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await oneMy(stage, stage.application());
    await setup.query(`CREATE TABLE notifications (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id int NOT NULL,
      body varchar(200) NOT NULL, KEY user (user_id)) AUTO_INCREMENT = 2147483600`);
    const rows = Array.from({ length: 48 }, (_, index) => `(${index}, 'your order was sent')`);
    await setup.query(`INSERT INTO notifications (user_id, body) VALUES ${rows.join(", ")}`);
    await ordinaryWork(stage);
    const senders = await stage.mySessions(3, stage.application());
    await keepRunning(stage, senders, 200, async (sender, turn) => {
      await sender
        .query(`INSERT INTO notifications (user_id, body) VALUES (${turn}, 'your order was sent')`)
        .catch(() => undefined);
      await sender.query(`SELECT id, body FROM notifications WHERE user_id = ${turn % 48}`);
      await pause(60);
    });
    return { culprits: [] };
  },
});
