import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

const limit = 300;

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A driver never closes its prepared statements: max_prepared_stmt_count is reached and every new one fails",
  tiers: ["immediate", "performance", "health"],
  server: { settings: { "max-prepared-stmt-count": String(limit) } },
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.mySessions(stage.number(4, 6), stage.application());
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, n FROM ${numbersTo(2000)}`);
    for (let made = 0; made < limit; made += 1)
      await setup?.query(`PREPARE kept_${made} FROM 'SELECT n FROM ${table} WHERE id = ?'`);
    await keepRunning(stage, clients, 400, async (client, turn) => {
      // Over the protocol, as drivers do it; each with a text of its own, so that the driver asks the server.
      await client
        .execute(`SELECT n, ${turn} AS turn FROM ${table} WHERE id = ?`, [turn % 2000])
        .catch(() => undefined);
      await client.query("SELECT SLEEP(0.02)");
    });
    return { culprits: [] };
  },
});
