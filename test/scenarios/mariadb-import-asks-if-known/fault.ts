import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "An import inserts what is not there yet, and looks for it in a column without an index",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.mySessions(stage.number(3, 5), stage.application());
    const rows = stage.number(45_000, 65_000);
    const [setup] = clients;
    await setup?.query(
      `CREATE TABLE ${table} (id bigint AUTO_INCREMENT PRIMARY KEY, supplier_code varchar(40) NOT NULL, qty int, note varchar(120))`,
    );
    await setup?.query(
      `INSERT INTO ${table} (supplier_code, qty, note) SELECT CONCAT('s-', n), n % 90, REPEAT('q', 80) FROM ${numbersTo(rows)}`,
    );
    await setup?.query(`ANALYZE TABLE ${table}`);
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 90, (client, turn) =>
      client.query(
        `INSERT INTO ${table} (supplier_code, qty, note) SELECT * FROM (SELECT ? AS code, ? AS qty, 'new' AS note) AS candidate WHERE NOT EXISTS (SELECT 1 FROM ${table} t WHERE t.supplier_code = ?)`,
        [`n-${stage.seed}-${turn}`, turn % 70, `n-${stage.seed}-${turn}`],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(90)],
});
