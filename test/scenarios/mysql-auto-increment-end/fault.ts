import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "A table's AUTO_INCREMENT has reached the end of int: every insert fails, reads go on",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.mySessions(stage.number(5, 8), stage.application());
    const [setup] = clients;
    const last = 2 ** 31 - 1;
    await setup?.query(
      `CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, note varchar(40), at datetime)
       AUTO_INCREMENT = ${last - stage.number(10, 40)}`,
    );
    const write = `INSERT INTO ${table} (note, at) VALUES ('ordered', NOW())`;
    await keepRunning(stage, clients, 400, async (client, turn) => {
      await client.query(write).catch(() => undefined);
      await client.query(`SELECT note FROM ${table} WHERE id = ${last - (turn % 9)}`);
      await client.query("SELECT SLEEP(0.03)");
    });
    return { culprits: [] };
  },
});
