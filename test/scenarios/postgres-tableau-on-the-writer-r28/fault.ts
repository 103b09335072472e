import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "An analyst's report joins two tables by an inequality alone and takes the writer's processors for minutes",
  tiers: ["immediate", "performance", "health"],
  majors: [18],
  thresholds: { longRunningSeconds: 8 },
  make: async (stage) => {
    await ordinaryWork(stage, 4);
    const table = stage.table();
    const owner = await onePg(stage, "deploy");
    await owner.query(
      `CREATE TABLE ${table} (id bigserial PRIMARY KEY, region text NOT NULL, total int NOT NULL)`,
    );
    await owner.query(
      `INSERT INTO ${table} (region, total) SELECT 'r' || g % 12, g % 4000 FROM generate_series(1, 400000) g`,
    );
    await owner.query(
      `CREATE TABLE ${table}_rates (id int PRIMARY KEY, floor int NOT NULL, rate numeric NOT NULL)`,
    );
    await owner.query(
      `INSERT INTO ${table}_rates SELECT g, g % 4000, g % 7 FROM generate_series(1, ${stage.number(8000, 9000)}) g`,
    );
    await owner.query(`ANALYZE ${table}`);
    await owner.query(`ANALYZE ${table}_rates`);
    await owner.end();
    const analyst = await onePg(stage, "tableau");
    const culprit = await pidOf(analyst);
    stage.leave(
      analyst.query(
        `SELECT o.region, count(*), sum(o.total * r.rate) FROM ${table} o JOIN ${table}_rates r ON o.total > r.floor GROUP BY o.region`,
      ),
    );
    const watcher = await onePg(stage, "watcher");
    await watcher.query("SELECT pg_sleep(14)");
    await watcher.end();
    return { culprits: [culprit] };
  },
});
