import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

const rows = 40_000;

/** An open transaction has locked all rows FOR KEY SHARE, as foreign keys do, others came after it; then rows are written. */
export const keyShare = (title: string, together: boolean) =>
  defineScenario({
    engine: "postgres",
    title,
    tiers: ["immediate", "performance"],
    majors: [14, 15, 16],
    make: async (stage) => {
      const table = stage.table();
      const first = await onePg(stage, stage.application());
      const others = await stage.pgSessions(together ? stage.number(14, 18) : 4, stage.application());
      const [second] = others;
      await first.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
      await first.query(`INSERT INTO ${table} SELECT n, n FROM generate_series(1, ${rows}) n`);
      await first.query(`ANALYZE ${table}`);
      if (together) {
        await first.query("BEGIN");
        await first.query(`SELECT count(*) FROM (SELECT FROM ${table} FOR KEY SHARE) s`);
      }
      await second?.query(`DO $$ BEGIN FOR k IN 1..${rows} LOOP
        PERFORM FROM ${table} WHERE id = k FOR KEY SHARE; COMMIT; END LOOP; END $$`);
      await keepRunning(stage, others, 100, async (session, turn) => {
        const own = turn % others.length;
        const ids = Array.from(
          { length: 60 },
          (_, at) => 1 + (((turn * 60 + at) * 7919) % (rows / 20)) * 20 + own,
        );
        await session.query(`UPDATE ${table} SET n = n + 1 WHERE id = ANY ($1)`, [ids]);
        if (!together) await session.query("SELECT pg_sleep(0.1)");
      });
      return { culprits: [] };
    },
  });
