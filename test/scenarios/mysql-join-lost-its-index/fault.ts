import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A migration copied the table into a new one without its second index: the page of a customer hashes all rows",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const customers = stage.table();
    const table = stage.table();
    const clients = await stage.mySessions(stage.number(3, 5), stage.application());
    const rows = stage.number(50_000, 70_000);
    const [setup] = clients;
    await setup?.query(
      `CREATE TABLE ${customers} (id int PRIMARY KEY, email varchar(80) NOT NULL, name varchar(40), UNIQUE KEY (email))`,
    );
    await setup?.query(
      `INSERT INTO ${customers} SELECT n, CONCAT('c', n, '@example.org'), 'somebody' FROM ${numbersTo(3000)}`,
    );
    await setup?.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, customer_id int NOT NULL, total int, note varchar(120), KEY by_customer (customer_id))`,
    );
    await setup?.query(
      `INSERT INTO ${table} SELECT n, 1 + n % 3000, n % 700, REPEAT('z', 90) FROM ${numbersTo(rows)}`,
    );
    await setup?.query(
      `CREATE TABLE ${table}_new (id bigint PRIMARY KEY, customer_id int NOT NULL, total int, note varchar(120))`,
    );
    await setup?.query(`INSERT INTO ${table}_new SELECT * FROM ${table}`);
    await setup?.query(`RENAME TABLE ${table} TO ${table}_old, ${table}_new TO ${table}`);
    await setup?.query(`ANALYZE TABLE ${table}, ${customers}`);
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 90, (client, turn) =>
      client.query(
        `SELECT c.name, o.id, o.total FROM ${customers} c JOIN ${table} o ON o.customer_id = c.id WHERE c.email = ? ORDER BY o.id DESC`,
        [`c${1 + (turn % 3000)}@example.org`],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(93)],
});
