import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Healthy: the busiest statements read a table of 60 currencies from end to end, and workers share a queue by SKIP LOCKED",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await oneMy(stage, stage.application());
    await setup.query(
      "CREATE TABLE currencies (id int AUTO_INCREMENT PRIMARY KEY, code char(3) NOT NULL, name varchar(40) NOT NULL, rate decimal(12,6) NOT NULL)",
    );
    await setup.query(
      `INSERT INTO currencies (code, name, rate) SELECT LPAD(n, 3, 'C'), CONCAT('currency ', n), n / 7 FROM ${numbersTo(60)}`,
    );
    await setup.query(
      "CREATE TABLE mails (id int AUTO_INCREMENT PRIMARY KEY, state varchar(10) NOT NULL, KEY by_state (state, id))",
    );
    await setup.query(`INSERT INTO mails (state) SELECT 'new' FROM ${numbersTo(8000)}`);
    await ordinaryWork(stage);
    const workers = await stage.mySessions(2, "mailer");
    await keepRunning(stage, workers, 40, async (worker) => {
      await worker.query("START TRANSACTION");
      const [rows] = await worker.query(
        "SELECT id FROM mails WHERE state = 'new' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED",
      );
      const [mail] = rows as { id: number }[];
      await worker.query(`UPDATE mails SET state = 'sent' WHERE id = ${mail?.id ?? 0}`);
      await worker.query("COMMIT");
      await pause(40);
    });
    const clients = await stage.mySessions(3, stage.application());
    await keepRunning(stage, clients, 900, async (client, turn) => {
      const code = String(1 + (turn % 60)).padStart(3, "C");
      await client.query(`SELECT name, rate FROM currencies WHERE code = '${code}'`);
      if (turn % 4 === 0) await client.query("SELECT code, name FROM currencies ORDER BY name");
      await pause(15);
    });
    return { culprits: [] };
  },
});
