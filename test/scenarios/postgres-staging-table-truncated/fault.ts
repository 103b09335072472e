import { defineScenario } from "../scenario.ts";
import { nowAndThen } from "../support/now-and-then.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A staging table without autovacuum, on purpose: emptied by TRUNCATE and loaded again each time",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const [loader, client] = await stage.pgSessions(2, stage.application());
    if (loader === undefined || client === undefined) throw new Error("no session");
    const rows = stage.number(20_000, 30_000);
    await loader.query(`CREATE TABLE ${table} (id bigint PRIMARY KEY, amount int NOT NULL, note text)`);
    await loader.query(
      `INSERT INTO ${table} SELECT n, n % 90, repeat('x', 60) FROM generate_series(1, ${rows}) AS n`,
    );
    await loader.query(`ANALYZE ${table}`);
    await loader.query(
      `CREATE UNLOGGED TABLE ${table}_in (id bigint PRIMARY KEY, amount int NOT NULL) WITH (autovacuum_enabled = false)`,
    );
    for (let round = 1; round <= 6; round += 1) {
      await loader.query(`TRUNCATE ${table}_in`);
      await loader.query(
        `INSERT INTO ${table}_in SELECT n, n % 70 + ${round} FROM generate_series(${round}, ${rows}, 40) AS n`,
      );
      await loader.query(
        `UPDATE ${table} AS t SET amount = i.amount FROM ${table}_in AS i WHERE t.id = i.id AND t.amount <> i.amount`,
      );
    }
    await nowAndThen(stage, client, (session, turn) =>
      session.query(`SELECT amount FROM ${table} WHERE id = ${1 + ((turn * 37) % rows)}`),
    );
    return { culprits: [] };
  },
});
