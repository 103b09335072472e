import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "Statistics were taken of an empty table and never again: the join begins with the big table",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const big = stage.table();
    const small = stage.table();
    const clients = await stage.mySessions(3, stage.application());
    const [setup] = clients;
    const rows = stage.number(80_000, 95_000);
    await setup?.query(`CREATE TABLE ${small} (id int PRIMARY KEY, city int NOT NULL, KEY by_city (city))`);
    await setup?.query(
      `CREATE TABLE ${big} (id int PRIMARY KEY, owner int NOT NULL, total int, KEY by_owner (owner))
       STATS_PERSISTENT = 1, STATS_AUTO_RECALC = 0`,
    );
    await setup?.query(`ANALYZE TABLE ${big}`);
    await setup?.query(`INSERT INTO ${small} SELECT n, n % 400 FROM ${numbersTo(8000)}`);
    await setup?.query(`INSERT INTO ${big} SELECT n, 1 + n % 8000, n FROM ${numbersTo(rows)}`);
    await setup?.query(`ANALYZE TABLE ${small}`);
    // As after a restart: what is in memory is read again from the persistent statistics.
    const admin = await openSession(stage.mysql());
    await admin.query(`FLUSH TABLE ${big}`);
    await admin.end();
    await keepRunning(stage, clients, 5, (client, turn) =>
      client.query(
        `SELECT SUM(b.total) FROM ${small} s JOIN ${big} b ON b.owner = s.id WHERE s.city = ${turn % 400}`,
      ),
    );
    return { culprits: [] };
  },
});
