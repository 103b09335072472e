import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "A trigger counts every insert in the row of the day: all who insert queue for that one row",
  // Where RDS writes binary logs, triggers of users need it.
  server: { settings: { log_bin_trust_function_creators: "1" } },
  make: async (stage) => {
    const events = stage.table();
    const days = stage.table();
    const clients = await stage.mySessions(stage.number(14, 20), stage.application());
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${days} (day date PRIMARY KEY, n int NOT NULL)`);
    await setup?.query(`INSERT INTO ${days} VALUES (CURDATE(), 0), (CURDATE() - INTERVAL 1 DAY, 9)`);
    await setup?.query(
      `CREATE TABLE ${events} (id bigint AUTO_INCREMENT PRIMARY KEY, kind int, body varchar(80))`,
    );
    await setup?.query(
      `CREATE TRIGGER ${events}_counted AFTER INSERT ON ${events} FOR EACH ROW UPDATE ${days} SET n = n + 1 WHERE day = CURDATE()`,
    );
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 60, async (client, turn) => {
      await client.query("START TRANSACTION");
      await client.query(`INSERT INTO ${events} (kind, body) VALUES (?, 'clicked')`, [turn % 9]);
      // Asks another service before it commits.
      await pause(45);
      await client.query("COMMIT");
    });
    return { culprits: [] };
  },
});
