import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "An application reads a list and then each of its rows by itself, until the CPU is full",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const [lists, items] = [stage.table(), stage.table()];
    const clients = await stage.pgSessions(stage.number(3, 5), stage.application());
    const [setup] = clients;
    const length = stage.number(25, 60);
    await setup?.query(`CREATE TABLE ${lists} (id int PRIMARY KEY, name text)`);
    await setup?.query(`INSERT INTO ${lists} SELECT n, 'list ' || n FROM generate_series(1, 1000) n`);
    await setup?.query(`CREATE TABLE ${items} (list_id int PRIMARY KEY, label text)`);
    await setup?.query(`INSERT INTO ${items} SELECT n, 'item ' || n FROM generate_series(0, 1000) n`);
    await setup?.query(`ANALYZE ${lists}, ${items}`);
    await keepRunning(stage, clients, 20, async (client, turn) => {
      await client.query(`SELECT id FROM ${lists} WHERE id > ${turn % 900} ORDER BY id LIMIT ${length}`);
      for (let row = 0; row < length; row += 1) {
        await client.query(`SELECT label FROM ${items} WHERE list_id = ${(turn + row) % 1000}`);
      }
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(90)],
});
