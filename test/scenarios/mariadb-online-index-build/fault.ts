import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "An index is built online; reads and writes of the table go on meanwhile",
  tiers: ["immediate", "performance"],
  thresholds: { longRunningSeconds: 1, killCandidateSeconds: 2 },
  make: async (stage) => {
    const table = stage.table();
    const migration = await oneMy(stage, "migrations");
    const clients = await stage.mySessions(3, stage.application());
    await migration.query(`CREATE TABLE ${table} (id int PRIMARY KEY, body varchar(600), n int)`);
    for (let part = 0; part < 10; part += 1)
      await migration.query(
        `INSERT INTO ${table} SELECT n + ${part * 100_000}, CONCAT(MD5(n), REPEAT(MD5(n + 1), 12)), 0 FROM ${numbersTo(100_000)}`,
      );
    stage.leave(
      migration.query(`ALTER TABLE ${table} ADD INDEX by_body (body(500)), ALGORITHM=INPLACE, LOCK=NONE`),
    );
    await keepRunning(stage, clients, 150, async (client, turn) => {
      await client.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${1 + ((turn * 7919) % 900_000)}`);
      await client.query("SELECT SLEEP(0.03)");
    });
    return { culprits: [] };
  },
});
