import type { MysqlFamily, Scenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const nPlusOne = (engine: MysqlFamily): Scenario => ({
  engine,
  title: "An application reads a list and then each of its rows by itself, until the CPU is full",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const [lists, items] = [stage.table(), stage.table()];
    const clients = await stage.mySessions(stage.number(3, 5), stage.application());
    const [setup] = clients;
    const length = stage.number(25, 60);
    await setup?.query(`CREATE TABLE ${lists} (id int PRIMARY KEY, name varchar(40))`);
    await setup?.query(`INSERT INTO ${lists} SELECT n, CONCAT('list ', n) FROM ${numbersTo(1000)}`);
    await setup?.query(`CREATE TABLE ${items} (list_id int PRIMARY KEY, label varchar(40))`);
    await setup?.query(`INSERT INTO ${items} SELECT n, CONCAT('item ', n) FROM ${numbersTo(1000)}`);
    await keepRunning(stage, clients, 20, async (client, turn) => {
      await client.query(`SELECT id FROM ${lists} WHERE id > ${turn % 900} ORDER BY id LIMIT ${length}`);
      for (let row = 0; row < length; row += 1) {
        await client.query(`SELECT label FROM ${items} WHERE list_id = ${1 + ((turn + row) % 1000)}`);
      }
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(90)],
});
