import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Since the deployment an ORM opens a transaction for each read and never ends it; the slots fill with them",
  server: { maxConnections: 60 },
  majors: [14, 16, 18],
  tiers: ["immediate", "performance"],
  thresholds: { idleInTransactionSeconds: 2 },
  make: async (stage) => {
    await ordinaryWork(stage, 3);
    const table = stage.table();
    const setup = await onePg(stage, "watcher");
    await setup.query(`CREATE TABLE ${table} (id int PRIMARY KEY, label varchar(40) NOT NULL)`);
    await setup.query(`INSERT INTO ${table} SELECT n, 'label ' || n FROM generate_series(1, 300) AS n`);
    const leaking = await stage.pgSessions(stage.number(40, 42), stage.application());
    const culprits: number[] = [];
    for (const session of leaking) culprits.push(await pidOf(session));
    for (const [index, session] of leaking.entries()) {
      await session.query("BEGIN");
      await session.query(`SELECT label FROM ${table} WHERE id = ${index + 1}`);
    }
    // A second pool, at rest as pools are.
    const pool = await stage.pgSessions(3, stage.application());
    for (const session of pool) await session.query("SELECT 1");
    await setup.query("SELECT pg_sleep(3.5)");
    return { culprits };
  },
});
