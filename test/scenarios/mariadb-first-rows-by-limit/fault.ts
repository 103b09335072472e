import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Ten of what is not dead are taken from a large outbox without an index: the scan ends at the tenth row",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const outbox = stage.table();
    const workers = await stage.mySessions(stage.number(4, 6), stage.application());
    const rows = stage.number(50_000, 80_000);
    const [setup] = workers;
    await setup?.query(
      `CREATE TABLE ${outbox} (id int PRIMARY KEY, state varchar(12) NOT NULL, topic int NOT NULL, payload varchar(120))`,
    );
    await setup?.query(
      `INSERT INTO ${outbox} SELECT n, IF(n % 50 = 0, 'dead', 'waiting'), n % 4, REPEAT('p', 100) FROM ${numbersTo(rows)}`,
    );
    await setup?.query(`ANALYZE TABLE ${outbox}`);
    await ordinaryWork(stage, 3);
    await keepRunning(stage, workers, 500, async (worker, turn) => {
      await worker.query(
        `SELECT id, payload FROM ${outbox} WHERE state <> 'dead' AND topic = ${turn % 4} LIMIT 10`,
      );
      await pause(10);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(44)],
});
