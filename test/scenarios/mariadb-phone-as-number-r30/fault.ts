import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

// After https://www.mo4tech.com/mysql-select-from-varchar-where-varchar-number.html
export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A release asks for a text column by a number: its index is there and cannot be used, each lookup converts all rows",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await oneMy(stage, stage.application());
    await setup.query(
      "CREATE TABLE contacts (id int AUTO_INCREMENT PRIMARY KEY, phone varchar(20) NOT NULL, name varchar(80) NOT NULL, notes varchar(200) NOT NULL, KEY by_phone (phone))",
    );
    await setup.query(
      `INSERT INTO contacts (phone, name, notes) SELECT CONCAT('415', 5000000 + n), CONCAT('contact ', n), REPEAT('note ', 20) FROM ${numbersTo(90_000)}`,
    );
    await setup.query("ANALYZE TABLE contacts");
    await ordinaryWork(stage);
    const calls = await stage.mySessions(5, stage.application());
    await keepRunning(stage, calls, 150, async (call, turn) => {
      const phone = 4_155_000_001 + ((turn * 7919) % 90_000);
      await call.query(`SELECT id, name, notes FROM contacts WHERE phone = ${phone}`);
      await call.query(`SELECT name FROM contacts WHERE id = ${1 + (turn % 90_000)}`);
    });
    return { culprits: [] };
  },
});
