import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { pause } from "../support/ordinary-work.ts";
import { steady } from "../support/rds.ts";

const poolsOf = 5;

export const scenario = defineScenario({
  engine: "postgres",
  title: "Five services keep pools that are each of a fair size and together take nearly every slot",
  server: { maxConnections: 60 },
  make: async (stage) => {
    const setup = (await stage.pgSessions(1, stage.application()))[0];
    const table = stage.table();
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, stock int NOT NULL)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, 10 FROM generate_series(1, 900) n`);
    const pools = [];
    for (let pool = 0; pool < poolsOf; pool += 1) {
      pools.push(await stage.pgSessions(10, stage.application()));
    }
    const sessions = pools.flat();
    // Every connection has its turn every second or two: none is forgotten. And none is new at the look.
    await keepRunning(stage, sessions, sessions.length, async (client, turn) => {
      await client.query(`SELECT stock FROM ${table} WHERE id = $1`, [1 + (turn % 900)]);
      if (turn % 9 === 0)
        await client.query(`UPDATE ${table} SET stock = stock + 1 WHERE id = $1`, [1 + (turn % 900)]);
      await pause(stage.number(500, 1100));
    });
    await pause(78_000);
    return { culprits: [] };
  },
  metrics: () => [steady("DatabaseConnections", 51)],
});
