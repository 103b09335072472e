import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

/** A driver whose default is autocommit off: a request that only reads leaves its transaction open in the pool. */
export const scenario = defineScenario({
  engine: "mysql",
  title: "Twenty-three pooled connections sit in transactions that nobody ends, since autocommit is off",
  tiers: ["immediate", "performance"],
  server: { maxConnections: 80 },
  thresholds: { idleInTransactionSeconds: 4 },
  make: async (stage) => {
    const [table, calm] = [stage.table(), stage.table()];
    const [site, leaving] = [stage.application(), stage.application()];
    const owner = await oneMy(stage, "setup");
    for (const name of [table, calm]) {
      await owner.query(`CREATE TABLE ${name} (id int PRIMARY KEY, state varchar(20), n int NOT NULL)`);
      await owner.query(`INSERT INTO ${name} SELECT n, 'new', 0 FROM ${numbersTo(5000)}`);
    }
    const pool = await stage.mySessions(23, leaving);
    for (const [index, client] of pool.entries()) {
      await client.query("SET autocommit = 0");
      await client.query(`SELECT state FROM ${table} WHERE id = ${index + 1}`);
      if (index % 4 === 0) await client.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${4000 + index}`);
    }
    const others = await stage.mySessions(4, site);
    await keepRunning(stage, others, 900, async (client, turn) => {
      await client.query(`UPDATE ${calm} SET n = n + 1 WHERE id = ${1 + ((turn * 37) % 5000)}`);
      await client.query(`SELECT state FROM ${table} WHERE id = ${1 + ((turn * 91) % 3000)}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    });
    return { culprits: pool.map(({ threadId }) => threadId ?? 0) };
  },
});
