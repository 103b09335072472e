import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A MyISAM table of counters changes hands between short updates: waits of a moment, nobody is to blame",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.mySessions(stage.number(8, 11), stage.application());
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int NOT NULL) ENGINE = MyISAM`);
    await setup?.query(
      `INSERT INTO ${table} VALUES ${clients.map((_, index) => `(${index}, 0)`).join(", ")}`,
    );
    await keepRunning(stage, clients, 200, async (client, turn) => {
      await client.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${turn % clients.length}`);
      await client.query("DO SLEEP(0.04)");
    });
    return { culprits: [] };
  },
});
