import { openSession, openSessions } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { steady } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Every tenant has a database and every database a pool of four: one tenant more, and the slots are taken",
  server: { maxConnections: 60 },
  make: async (stage) => {
    const server = stage.postgres();
    const admin = await openSession(server);
    stage.cleanUp(() => admin.end());
    await ordinaryWork(stage, 2);
    const pools = [];
    for (let tenant = 1; tenant <= 12; tenant += 1) {
      const database = `tenant_${stage.number(10, 99)}_${tenant}`;
      await admin.query(`CREATE DATABASE ${database}`);
      const setup = await openSession(server, { database });
      await setup.query(`CREATE TABLE members (login varchar(40) PRIMARY KEY, seats int NOT NULL);
        INSERT INTO members SELECT 'user' || n, n % 5 FROM generate_series(1, 500) n;
        GRANT ALL ON members TO shop`);
      await setup.end();
      const pool = await openSessions(server, 4, {
        user: "shop",
        applicationName: "tenant-gateway",
        database,
      });
      stage.cleanUp(() => Promise.all(pool.map((each) => each.end())));
      pools.push(pool);
    }
    // A pool hands out whichever is free: each has its turn within a few seconds.
    const all = pools.flat();
    await keepRunning(stage, all, all.length * 2, async (session, turn) => {
      await session.query("SELECT seats FROM members WHERE login = $1", [`user${1 + (turn % 500)}`]);
      await pause(stage.number(900, 2600));
    });
    await pause(75_000);
    return { culprits: [] };
  },
  metrics: () => [steady("DatabaseConnections", 52)],
});
