import { createConnection } from "mysql2/promise";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "The writer was left read-only after a switchover was called off: reads are answered, writes refused",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const setup = await oneMy(stage, stage.application());
    await setup.query(
      `CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, title varchar(60) NOT NULL, seen int NOT NULL)`,
    );
    await setup.query(
      `INSERT INTO ${table} (title, seen) SELECT CONCAT('article ', n), 0 FROM ${numbersTo(2000)}`,
    );
    const admin = await createConnection({ uri: stage.server.adminUrl });
    await admin.query("SET GLOBAL read_only = ON");
    await admin.end();
    const clients = await stage.mySessions(5, stage.application());
    await keepRunning(stage, clients, 250, async (client, turn) => {
      const id = 1 + (turn % 2000);
      await client.query(`SELECT title, seen FROM ${table} WHERE id = ${id}`);
      if (turn % 2 === 0)
        await client.query(`UPDATE ${table} SET seen = seen + 1 WHERE id = ${id}`).catch(() => undefined);
      await pause(30);
    });
    return { culprits: [] };
  },
});
