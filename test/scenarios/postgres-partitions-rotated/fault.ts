import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A partition manager adds and drops partitions between short transactions; each change gets its lock at once",
  tiers: ["immediate", "performance"],
  majors: [14, 15, 16, 17, 18],
  make: async (stage) => {
    const table = `${stage.table()}_events`;
    const clients = await stage.pgSessions(stage.number(2, 3), stage.application());
    const [manager] = await stage.pgSessions(1, "partman");
    if (manager === undefined) throw new Error("no session");
    await manager.query(
      `CREATE TABLE ${table} (day int NOT NULL, id bigint NOT NULL, body text, PRIMARY KEY (day, id)) PARTITION BY RANGE (day)`,
    );
    const add = (day: number) =>
      manager.query(
        `CREATE TABLE ${table}_${day} PARTITION OF ${table} FOR VALUES FROM (${day}) TO (${day + 1})`,
      );
    for (let day = 100; day < 106; day += 1) await add(day);
    await manager.query(`INSERT INTO ${table} SELECT 103, n, 'event ' || n FROM generate_series(1, 3000) n`);
    await manager.query(`ANALYZE ${table}`);
    await keepRunning(stage, clients, 120, async (client, turn) => {
      await client.query(`INSERT INTO ${table} VALUES (104, ${turn + 10}, 'new')`);
      await client.query(`SELECT body FROM ${table} WHERE day = 103 AND id = ${1 + (turn % 3000)}`);
      await new Promise((resolve) => setTimeout(resolve, 12));
    });
    await keepRunning(stage, [manager], 4, async (client, turn) => {
      await client.query("SET lock_timeout = '2s'");
      await add(106 + turn);
      await client.query(`DROP TABLE IF EXISTS ${table}_${turn < 2 ? 100 + turn : 104 + turn}`);
      await new Promise((resolve) => setTimeout(resolve, 600));
    });
    return { culprits: [] };
  },
});
