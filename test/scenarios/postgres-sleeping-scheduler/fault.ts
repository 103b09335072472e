import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { nowAndThen } from "../support/now-and-then.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A scheduler lives in the database and sleeps in pg_sleep until its next job: long, and harmless",
  tiers: ["immediate", "performance"],
  thresholds: { longRunningSeconds: 2, killCandidateSeconds: 3, slowQuerySeconds: 0.5 },
  make: async (stage) => {
    const table = stage.table();
    const web = await onePg(stage, stage.application());
    await web.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
    await web.query(`INSERT INTO ${table} SELECT n, 0 FROM generate_series(1, 800) n`);
    await web.query(`ANALYZE ${table}`);
    const schedulers = await stage.pgSessions(stage.number(1, 2), "job_scheduler");
    for (const scheduler of schedulers) {
      stage.leave(
        scheduler.query(`DO $$ BEGIN
          LOOP
            PERFORM pg_sleep(120);
            PERFORM 1 FROM ${table} WHERE id = 1;
          END LOOP;
        END $$`),
      );
    }
    await nowAndThen(stage, web, (client, turn) =>
      client.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${1 + (turn % 800)}`),
    );
    await (await onePg(stage, "psql")).query("SELECT pg_sleep(2)");
    return { culprits: [] };
  },
});
