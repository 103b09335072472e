import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A materialized view is refreshed concurrently every other second; its readers never wait",
  majors: [14, 17],
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(34)],
  make: async (stage) => {
    const admin = await openSession(stage.postgres());
    stage.cleanUp(() => admin.end());
    await admin.query("CREATE SCHEMA reporting");
    await admin.query("GRANT ALL ON SCHEMA reporting TO shop");
    const [job] = await stage.pgSessions(1, "cron");
    if (job === undefined) throw new Error("no session");
    await job.query(
      "CREATE TABLE reporting.sales (id int PRIMARY KEY, branch int NOT NULL, amount int NOT NULL)",
    );
    await job.query("INSERT INTO reporting.sales SELECT n, n % 300, n % 70 FROM generate_series(1, 40000) n");
    await job.query(
      "CREATE MATERIALIZED VIEW reporting.by_branch AS SELECT branch, sum(amount) AS total FROM reporting.sales GROUP BY branch",
    );
    await job.query("CREATE UNIQUE INDEX by_branch_key ON reporting.by_branch (branch)");
    await job.query("ANALYZE");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, [job], 2, async (client, turn) => {
      await client.query("UPDATE reporting.sales SET amount = amount + 1 WHERE id = $1", [1 + turn]);
      await client.query("REFRESH MATERIALIZED VIEW CONCURRENTLY reporting.by_branch");
      await pause(1500);
    });
    const readers = await stage.pgSessions(stage.number(5, 8), "dashboard");
    await keepRunning(stage, readers, 200, async (client, turn) => {
      await client.query("SELECT total FROM reporting.by_branch WHERE branch = $1", [turn % 300]);
      await pause(15);
    });
    return { culprits: [] };
  },
});
