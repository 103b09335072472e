import { setTimeout as sleep } from "node:timers/promises";
import { pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A service opens a connection for each job and never closes it: nine of ten slots are taken by it",
  majors: [18],
  thresholds: { leakIdleSeconds: 4, idleSessionSeconds: 2 },
  make: async (stage) => {
    const table = stage.table();
    await ordinaryWork(stage, 3);
    const leaked: number[] = [];
    for (let job = 0; job < 45; job += 1) {
      const [session] = await stage.pgSessions(1, "invoice-sync");
      if (session === undefined) throw new Error("no session");
      if (job === 0) {
        await session.query(`CREATE TABLE ${table} (id int PRIMARY KEY, state text)`);
        await session.query(`INSERT INTO ${table} SELECT n, 'open' FROM generate_series(1, 500) n`);
      }
      leaked.push(await pidOf(session));
      await session.query(`UPDATE ${table} SET state = 'sent' WHERE id = ${job + 1}`);
      await sleep(60);
    }
    await sleep(6000);
    return { culprits: leaked };
  },
});
