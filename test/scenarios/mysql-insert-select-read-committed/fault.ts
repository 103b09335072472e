import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { nowAndThen } from "../support/now-and-then.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "The same report by INSERT … SELECT under READ COMMITTED: it locks nothing that it reads, nobody waits",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const holder = await oneMy(stage, stage.application());
    const client = await oneMy(stage, stage.application());
    await holder.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, owner_id int NOT NULL, amount int NOT NULL)`,
    );
    await holder.query(`INSERT INTO ${table} SELECT n, n % 40, n % 900 FROM ${numbersTo(20_000)}`);
    await holder.query(`CREATE TABLE ${table}_per_owner (owner_id int PRIMARY KEY, total bigint)`);
    await holder.query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    const heavy = "SUM(amount + BENCHMARK(9000, SHA2(id, 256)))";
    stage.leave(
      holder.query(
        `INSERT INTO ${table}_per_owner SELECT owner_id, ${heavy} FROM ${table} GROUP BY owner_id`,
      ),
    );
    await nowAndThen(stage, client, (session, turn) =>
      session.query(`UPDATE ${table} SET amount = amount + 1 WHERE id = ${1 + ((turn * 13) % 20_000)}`),
    );
    return { culprits: [] };
  },
});
