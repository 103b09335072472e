import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A migration lock was left on a pooled session that went back to work; every new pod waits for it at its start",
  majors: [18, 15, 16],
  tiers: ["immediate", "performance"],
  thresholds: { manyWaitingSeconds: 3 },
  make: async (stage) => {
    await ordinaryWork(stage);
    const table = stage.table();
    const pooled = await onePg(stage, "pgbouncer");
    const culprit = await pidOf(pooled);
    await pooled.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int NOT NULL)`);
    await pooled.query(`INSERT INTO ${table} SELECT n, 0 FROM generate_series(1, 200) AS n`);
    const key = stage.number(1000, 9999);
    await pooled.query(`SELECT pg_advisory_lock(${key})`);
    const pods = await stage.pgSessions(stage.number(4, 7), stage.application());
    for (const pod of pods) stage.leave(pod.query(`SELECT pg_advisory_lock(${key})`));
    // The unlock went to another session; this one serves whoever comes.
    await keepRunning(stage, [pooled], 5, async (session, turn) => {
      await session.query(`SELECT n FROM ${table} WHERE id = ${1 + (turn % 200)}`);
      await pause(200);
    });
    await pgWaiting(stage, pods.length, 4);
    return { culprits: [culprit] };
  },
});
