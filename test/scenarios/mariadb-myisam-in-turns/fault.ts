import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A MyISAM table of counters changes hands between short updates: waits of a moment, nobody is to blame",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.mySessions(stage.number(8, 11), stage.application());
    const [setup] = clients;
    const shards = clients.length;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int NOT NULL) ENGINE = MyISAM`);
    await setup?.query(`INSERT INTO ${table} SELECT n, 0 FROM ${numbersTo(4000)}`);
    await keepRunning(stage, clients, 200, async (client, turn) => {
      await client.query(`UPDATE ${table} SET n = n + 1 WHERE id % ${shards} = ${turn % shards}`);
      await client.query("DO SLEEP(0.03)");
    });
    return { culprits: [] };
  },
});
