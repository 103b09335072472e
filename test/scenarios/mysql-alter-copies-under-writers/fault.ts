import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { nowAndThen } from "../support/now-and-then.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "A release changes a column's type: the table is copied, nobody may write to it until that is done",
  tiers: ["immediate", "performance"],
  // Room enough for what the copy writes: it is the lock that hurts.
  server: { settings: { "loose-innodb-redo-log-capacity": "536870912" } },
  thresholds: { longRunningSeconds: 3, killCandidateSeconds: 5, manyWaitingSeconds: 2, slowQuerySeconds: 1 },
  make: async (stage) => {
    const [table, other] = [stage.table(), stage.table()];
    const release = await oneMy(stage, "migrate");
    await release.query(
      `CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, amount int, note varchar(220))`,
    );
    await release.query(
      `INSERT INTO ${table} (amount, note) SELECT n, CONCAT(SHA2(n, 256), REPEAT('x', 120)) FROM ${numbersTo(100_000)}`,
    );
    for (let doubled = 0; doubled < 2; doubled += 1) {
      await release.query(
        `INSERT INTO ${table} (amount, note) SELECT amount, CONCAT(SHA2(RAND(), 256), REPEAT('y', 120)) FROM ${table}`,
      );
    }
    await release.query(`ALTER TABLE ${table} ADD KEY (note)`);
    await release.query(`CREATE TABLE ${other} (id int PRIMARY KEY, n int)`);
    await release.query(`INSERT INTO ${other} SELECT n, 0 FROM ${numbersTo(500)}`);
    const web = await oneMy(stage, stage.application());
    await nowAndThen(stage, web, (client, turn) =>
      client.query(`UPDATE ${other} SET n = n + 1 WHERE id = ${1 + (turn % 500)}`),
    );
    const id = idOf(release);
    stage.leave(release.query(`ALTER TABLE ${table} MODIFY amount decimal(14, 2)`));
    await web.query("SELECT SLEEP(0.5)");
    const count = stage.number(9, 14);
    const writers = await stage.mySessions(count, stage.application());
    for (const [index, writer] of writers.entries()) {
      stage.leave(writer.query(`UPDATE ${table} SET amount = amount + 1 WHERE id = ${index + 1}`));
    }
    await myWaiting(stage, count, 5.5);
    return { culprits: [id] };
  },
});
