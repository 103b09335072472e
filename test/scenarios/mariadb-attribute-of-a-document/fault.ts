import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Every call of a partner is looked up by an attribute inside a JSON document: each document is taken apart",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const [table, carriers] = [stage.table(), stage.table()];
    const clients = await stage.mySessions(stage.number(3, 4), stage.application());
    const pages = await stage.mySessions(1, stage.application());
    const rows = stage.number(25_000, 35_000);
    const [setup] = clients;
    await setup?.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, received datetime NOT NULL, body longtext NOT NULL, KEY (received))`,
    );
    await setup?.query(
      `INSERT INTO ${table} SELECT n, NOW() - INTERVAL n SECOND, JSON_OBJECT('kind', 'paid', 'amount', n % 700, 'order', JSON_OBJECT('ref', CONCAT('o-', n), 'lines', n % 9)) FROM ${numbersTo(rows)}`,
    );
    await setup?.query(`ANALYZE TABLE ${table}`);
    // Read whole, and rightly: it is small.
    await setup?.query(`CREATE TABLE ${carriers} (code int, name varchar(40))`);
    await setup?.query(`INSERT INTO ${carriers} SELECT n, 'carrier' FROM ${numbersTo(90)}`);
    await ordinaryWork(stage, 2);
    await keepRunning(stage, pages, 60, async (client, turn) => {
      await client.query(`SELECT name FROM ${carriers} WHERE code = ?`, [turn % 90]);
      await pause(15);
    });
    await keepRunning(stage, clients, 60, (client, turn) =>
      client.query(`SELECT id FROM ${table} WHERE JSON_VALUE(body, '$.order.ref') = ?`, [
        `o-${1 + (turn % 25_000)}`,
      ]),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(90)],
});
