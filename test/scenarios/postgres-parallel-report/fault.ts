import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { nowAndThen } from "../support/now-and-then.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "One report runs with its parallel workers, which look like five clients of the same statement; all is well",
  tiers: ["immediate", "performance"],
  server: {
    settings: {
      max_parallel_workers_per_gather: "4",
      max_parallel_workers: "4",
      parallel_setup_cost: "0",
      parallel_tuple_cost: "0",
      min_parallel_table_scan_size: "0",
    },
  },
  make: async (stage) => {
    const [table, small] = [stage.table(), stage.table()];
    const [report, web] = [await onePg(stage, "month-end"), await onePg(stage, stage.application())];
    const rows = stage.number(30_000, 40_000);
    await report.query(`CREATE TABLE ${table} (id int PRIMARY KEY, store int, amount numeric)`);
    await report.query(`INSERT INTO ${table} SELECT n, n % 40, n % 977 FROM generate_series(1, ${rows}) n`);
    await report.query(`CREATE TABLE ${small} (id int PRIMARY KEY, n int)`);
    await report.query(`INSERT INTO ${small} SELECT n, 0 FROM generate_series(1, 500) n`);
    await report.query(`VACUUM ANALYZE ${table}, ${small}`);
    await report.query("SET enable_hashjoin = off");
    await report.query("SET enable_mergejoin = off");
    stage.leave(
      report.query(
        `SELECT count(*) FROM ${table} a JOIN ${table} b ON abs(a.amount - b.amount) * a.store < 0`,
      ),
    );
    await nowAndThen(stage, web, (session, turn) =>
      session.query(`UPDATE ${small} SET n = n + 1 WHERE id = $1`, [(turn % 500) + 1]),
    );
    return { culprits: [] };
  },
});
