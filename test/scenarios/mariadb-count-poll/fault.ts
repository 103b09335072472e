import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Every open dashboard asks for the number of all rows again and again: no index helps, the CPU is full",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const [table, other] = [stage.table(), stage.table()];
    const boards = await stage.mySessions(stage.number(4, 6), "dashboard");
    const [web] = await stage.mySessions(1, stage.application());
    const [setup] = boards;
    if (web === undefined) throw new Error("no session");
    await setup?.query(
      `CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, customer int, total int, KEY (customer))`,
    );
    await setup?.query(
      `INSERT INTO ${table} (customer, total) SELECT n % 4000, n FROM ${numbersTo(100_000)}`,
    );
    await setup?.query(
      `INSERT INTO ${table} (customer, total) SELECT customer, total FROM ${table} LIMIT ${stage.number(60, 95) * 1000}`,
    );
    await setup?.query(`CREATE TABLE ${other} (id int PRIMARY KEY, name varchar(40))`);
    await setup?.query(`INSERT INTO ${other} SELECT n, CONCAT('name ', n) FROM ${numbersTo(2000)}`);
    await setup?.query(`ANALYZE TABLE ${table}, ${other}`);
    await keepRunning(stage, [web], 40, async (client, turn) => {
      await client.query(`SELECT name FROM ${other} WHERE id = ${1 + (turn % 2000)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    });
    await keepRunning(stage, boards, 80, (client) => client.query(`SELECT COUNT(*) FROM ${table}`));
    return { culprits: [] };
  },
  metrics: () => [busyCpu(93)],
});
