import { createConnection } from "mysql2/promise";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "The writer still has its replica's read_only=ON; reads go on and every write of the application is refused (1290)",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await oneMy(stage, "setup");
    await setup.query(
      "CREATE TABLE subscriptions (id int PRIMARY KEY, plan varchar(20) NOT NULL, renewals int NOT NULL)",
    );
    const rows = Array.from({ length: 400 }, (_, index) => `(${index + 1}, 'basic', 0)`);
    await setup.query(`INSERT INTO subscriptions VALUES ${rows.join(", ")}`);
    const aws = await createConnection({ uri: stage.server.adminUrl });
    await aws.query("SET GLOBAL read_only = ON");
    await aws.end();
    const readers = await stage.mySessions(3, "portal");
    await keepRunning(stage, readers, 20, async (client, turn) => {
      await client.query(`SELECT plan, renewals FROM subscriptions WHERE id = ${1 + (turn % 400)}`);
      await pause(30);
    });
    const writers = await stage.mySessions(2, "renewals");
    await keepRunning(stage, writers, 60, async (client, turn) => {
      await client
        .query(`UPDATE subscriptions SET renewals = renewals + 1 WHERE id = ${1 + (turn % 400)}`)
        .catch(() => undefined);
      await pause(120);
    });
    await pause(6000);
    return { culprits: [] };
  },
});
