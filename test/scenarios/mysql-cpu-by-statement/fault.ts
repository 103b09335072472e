import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { context, reading, steady } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "Two statements that never end take both CPUs",
  tiers: ["immediate", "performance"],
  thresholds: { longRunningSeconds: 1.2 },
  make: async (stage) => {
    const busy = await stage.mySessions(2, stage.application());
    const table = stage.table();
    await busy[0]?.query(`CREATE TABLE ${table} (n int PRIMARY KEY)`);
    const rows = Array.from({ length: stage.number(800, 1200) }, (_, index) => `(${index})`).join(", ");
    await busy[0]?.query(`INSERT INTO ${table} VALUES ${rows}`);
    const report = `SELECT SUM(SQRT(a.n * b.n + c.n)) FROM ${table} a, ${table} b, ${table} c`;
    for (const one of busy) stage.leave(one.query(report));
    const monitor = await openSession(stage.mysql());
    stage.cleanUp(() => monitor.end());
    await waitUntil(
      async () => {
        const sql =
          "SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT SUM%' AND time >= 2";
        const [rows] = await monitor.query(sql);
        return Array.isArray(rows) && rows.length === 2;
      },
      { what: "both to have run for two seconds" },
    );
    return { culprits: busy.map(({ threadId }) => threadId ?? 0) };
  },
  // Of a machine with two vCPUs; CloudWatch would show it for minutes.
  metrics: () => [steady("CPUUtilization", 97)],
  context: () =>
    context({ readings: [reading(steady("CPUUtilization", 97), "percent", { day: 21, week: 18 })] }),
});
