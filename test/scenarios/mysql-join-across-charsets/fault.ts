import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A new table is utf8mb4, the old one utf8mb3: the join converts the indexed column and reads every row",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const [fresh, old] = [stage.table(), stage.table()];
    const clients = await stage.mySessions(stage.number(3, 5), stage.application());
    const [setup] = clients;
    const rows = stage.number(60, 90) * 1000;
    await setup?.query(
      `CREATE TABLE ${old} (id int AUTO_INCREMENT PRIMARY KEY, code varchar(30), qty int, KEY by_code (code)) CHARACTER SET utf8mb3`,
    );
    await setup?.query(`INSERT INTO ${old} (code, qty) SELECT CONCAT('c-', n), n FROM ${numbersTo(rows)}`);
    await setup?.query(`CREATE TABLE ${fresh} (id int PRIMARY KEY, code varchar(30)) CHARACTER SET utf8mb4`);
    await setup?.query(`INSERT INTO ${fresh} SELECT n, CONCAT('c-', n) FROM ${numbersTo(5000)}`);
    await setup?.query(`ANALYZE TABLE ${old}, ${fresh}`);
    await keepRunning(stage, clients, 80, (client, turn) =>
      client.query(
        `SELECT o.qty FROM ${fresh} f JOIN ${old} o ON o.code = f.code WHERE f.id = ${1 + (turn % 5000)}`,
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(93)],
});
