import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { steady } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "An index is built concurrently while nobody is short of anything: nothing is wrong",
  tiers: ["immediate", "performance"],
  thresholds: { slowQuerySeconds: 0.2 },
  make: async (stage) => {
    const table = stage.table();
    const [dba, watcher] = [await onePg(stage, stage.application()), await onePg(stage, "watcher")];
    await dba.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
    await dba.query(`INSERT INTO ${table} SELECT n, n FROM generate_series(1, 100000) n`);
    await dba.query(
      `CREATE FUNCTION slowly(n int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS
       'begin if n % 1000 = 0 then perform pg_sleep(0.2); end if; return n; end'`,
    );
    stage.leave(dba.query(`CREATE INDEX CONCURRENTLY ON ${table} (slowly(n))`));
    await waitUntil(
      async () => (await watcher.query("SELECT 1 FROM pg_stat_progress_create_index")).rowCount === 1,
      { what: "the index to be built" },
    );
    await watcher.query("SELECT pg_sleep(0.5)");
    return { culprits: [] };
  },
  metrics: () => [steady("CPUUtilization", 22), steady("WriteLatency", 0.002), steady("WriteIOPS", 300)],
});
