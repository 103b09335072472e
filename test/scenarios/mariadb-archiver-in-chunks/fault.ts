import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "An archiver moves old rows away, 300 at a time and each lot committed, beside a shop that writes new ones",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const archive = `${table}_archive`;
    const clients = await stage.mySessions(stage.number(2, 3), stage.application());
    const [archiver] = await stage.mySessions(1, "pt-archiver");
    if (archiver === undefined) throw new Error("no session");
    await archiver.query(
      `CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, day int, total int, KEY (day))`,
    );
    await archiver.query(`INSERT INTO ${table} (day, total) SELECT n DIV 200, n FROM ${numbersTo(100_000)}`);
    await archiver.query(`CREATE TABLE ${archive} LIKE ${table}`);
    await keepRunning(stage, [archiver], 6, async (client, turn) => {
      const [from, to] = [turn * 300, turn * 300 + 300];
      await client.query("START TRANSACTION");
      await client.query(`INSERT INTO ${archive} SELECT * FROM ${table} WHERE id > ${from} AND id <= ${to}`);
      await client.query(`DELETE FROM ${table} WHERE id > ${from} AND id <= ${to} LIMIT 300`);
      await client.query("COMMIT");
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    await keepRunning(stage, clients, 120, async (client, turn) => {
      await client.query(`INSERT INTO ${table} (day, total) VALUES (999, ${turn})`);
      await client.query(`SELECT total FROM ${table} WHERE id = ${90_000 + (turn % 9000)}`);
      await new Promise((resolve) => setTimeout(resolve, 15));
    });
    return { culprits: [] };
  },
});
