import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "The lines of an order are read by a column whose index an old dump did not bring along",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const parents = stage.table();
    const table = stage.table();
    const clients = await stage.mySessions(stage.number(3, 5), stage.application());
    const rows = stage.number(50_000, 70_000);
    const [setup] = clients;
    await setup?.query(
      `CREATE TABLE ${parents} (id int PRIMARY KEY, email varchar(80) NOT NULL, name varchar(40), UNIQUE KEY (email))`,
    );
    await setup?.query(
      `INSERT INTO ${parents} SELECT n, CONCAT('c', n, '@example.org'), 'somebody' FROM ${numbersTo(3000)}`,
    );
    await setup?.query(
      `CREATE TABLE ${table} (id bigint PRIMARY KEY, order_no int NOT NULL, price int, text varchar(120))`,
    );
    await setup?.query(
      `INSERT INTO ${table} SELECT n, 1 + n % 3000, n % 700, REPEAT('z', 90) FROM ${numbersTo(rows)}`,
    );
    await setup?.query(`ANALYZE TABLE ${table}, ${parents}`);
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 90, (client, turn) =>
      client.query(
        `SELECT c.name, o.id, o.price FROM ${parents} c JOIN ${table} o ON o.order_no = c.id WHERE c.email = ? ORDER BY o.id`,
        [`c${1 + (turn % 3000)}@example.org`],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(93)],
});
