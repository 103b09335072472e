import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A clean-up job deletes customers one by one; each time the server reads all of their orders' table",
  tiers: ["immediate", "performance", "health"],
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const [parent, child] = [stage.table(), stage.table()];
    const [session, job] = await stage.pgSessions(2, stage.application());
    if (session === undefined || job === undefined) throw new Error("no session");
    await session.query(`CREATE TABLE ${parent} (id int PRIMARY KEY, closed boolean)`);
    await session.query(`INSERT INTO ${parent} SELECT n, n % 2 = 0 FROM generate_series(1, 20000) n`);
    await session.query(`CREATE TABLE ${child} (id int PRIMARY KEY, parent_id int, n int)`);
    const rows = stage.number(200, 260) * 1000;
    await session.query(
      `INSERT INTO ${child} SELECT n, 1 + 2 * (n % 9000), 0 FROM generate_series(1, ${rows}) n`,
    );
    await session.query(
      `ALTER TABLE ${child} ADD CONSTRAINT ${child}_parent FOREIGN KEY (parent_id) REFERENCES ${parent} (id)`,
    );
    await session.query(`ANALYZE ${parent}, ${child}`);
    for (let turn = 1; turn <= 10; turn += 1) {
      await session.query(`DELETE FROM ${parent} WHERE id = ${turn * 2}`);
    }
    await session.end();
    // The next in one go: a build of an index CONCURRENTLY waits for it, too.
    const monitor = await openSession(stage.postgres(), { user: "rdsadmin" });
    stage.cleanUp(() => monitor.end());
    const { pid } = (await job.query("SELECT pg_backend_pid() AS pid")).rows[0];
    stage.cleanUp(() => monitor.query(`SELECT pg_terminate_backend(${Number(pid)})`));
    stage.leave(job.query(`DELETE FROM ${parent} WHERE closed AND id < 900`));
    const age = `SELECT extract(epoch FROM clock_timestamp() - query_start)::float8 AS n FROM pg_stat_activity WHERE pid = ${Number(pid)} AND state = 'active'`;
    await waitUntil(async () => Number((await monitor.query(age)).rows[0]?.n) > 0.6, {
      what: "the deletion to take long",
    });
    return { culprits: [] };
  },
});
