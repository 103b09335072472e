import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Since a release each request looks a login up by a column that has no index and reads the whole table",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await oneMy(stage, "setup");
    await setup.query(
      "CREATE TABLE logins (id int PRIMARY KEY, user_id int NOT NULL, device_token char(32) NOT NULL, agent varchar(80) NOT NULL, made_at datetime NOT NULL, KEY by_user (user_id))",
    );
    for (const offset of [0, 100_000]) {
      await setup.query(
        `INSERT INTO logins SELECT n + ${offset}, n % 9000, LPAD(LOWER(HEX((n + ${offset}) * 7919)), 32, '0'), REPEAT('a', 60), NOW() FROM ${numbersTo(100_000)}`,
      );
    }
    await setup.query("ANALYZE TABLE logins");
    const byUser = await stage.mySessions(1, "accounts-api");
    await keepRunning(stage, byUser, 3, async (client, turn) => {
      await client.query(`SELECT id, made_at FROM logins WHERE user_id = ${turn % 9000} LIMIT 20`);
      await pause(40);
    });
    const clients = await stage.mySessions(4, "gateway");
    await keepRunning(stage, clients, 120, async (client, turn) => {
      const token = (turn * 7919).toString(16).padStart(32, "0");
      await client.query(`SELECT user_id, made_at FROM logins WHERE device_token = '${token}'`);
      await pause(10);
    });
    await pause(5000);
    return { culprits: [] };
  },
});
