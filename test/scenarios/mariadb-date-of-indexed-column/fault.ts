import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "A release asks for DATE(created_at) of a day: the index on created_at serves it no more",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.mySessions(4, stage.application());
    const rows = stage.number(60_000, 90_000);
    const [setup] = clients;
    await setup?.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, created_at datetime NOT NULL, note varchar(90), KEY by_day (created_at))`,
    );
    await setup?.query(
      `INSERT INTO ${table} SELECT n, '2026-01-01' + INTERVAL n * 5 MINUTE, REPEAT('x', 80) FROM ${numbersTo(rows)}`,
    );
    await setup?.query(`ANALYZE TABLE ${table}`);
    await keepRunning(stage, clients, 40, (client, turn) => {
      const day = new Date(Date.UTC(2026, 0, 1 + (turn % 200))).toISOString().slice(0, 10);
      return client.query(`SELECT id, note FROM ${table} WHERE DATE(created_at) = '${day}'`);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(94)],
});
