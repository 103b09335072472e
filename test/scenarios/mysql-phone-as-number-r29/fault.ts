import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "The application compares a varchar column with a number: the index on it cannot be used and each lookup reads the table",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await oneMy(stage, "setup");
    await setup.query(
      "CREATE TABLE contacts (id int PRIMARY KEY, phone varchar(20) NOT NULL, name varchar(60) NOT NULL, city varchar(40) NOT NULL, KEY by_phone (phone))",
    );
    for (const offset of [0, 100_000]) {
      await setup.query(
        `INSERT INTO contacts SELECT n + ${offset}, CONCAT('49170', LPAD(n + ${offset}, 7, '0')), CONCAT('contact ', n), 'Utrecht' FROM ${numbersTo(100_000)}`,
      );
    }
    await setup.query("ANALYZE TABLE contacts");
    // The other service asks with a string and is fast.
    const right = await stage.mySessions(1, "sms");
    await keepRunning(stage, right, 4, async (client, turn) => {
      await client.query(
        `SELECT id, name FROM contacts WHERE phone = '49170${String(turn + 1).padStart(7, "0")}' LIMIT 1`,
      );
      await pause(50);
    });
    const clients = await stage.mySessions(4, "call-center");
    await keepRunning(stage, clients, 120, async (client, turn) => {
      await client.query(`SELECT id, name, city FROM contacts WHERE phone = ${491_700_000_001 + turn}`);
      await pause(10);
    });
    await pause(5000);
    return { culprits: [] };
  },
});
