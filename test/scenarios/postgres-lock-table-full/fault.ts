import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

const months = 300;

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The jobs of an export lock every partition: the shared lock table is full, others fail with out of shared memory",
  tiers: ["immediate", "performance"],
  server: { maxConnections: 30, settings: { max_locks_per_transaction: "10" } },
  make: async (stage) => {
    const table = stage.table();
    const jobs = await stage.pgSessions(6, "warehouse-export");
    const clients = await stage.pgSessions(4, stage.application());
    const setup = await openSession(stage.postgres(), { user: "shop" });
    await setup.query(
      `CREATE TABLE ${table} (month int NOT NULL, id int, note text) PARTITION BY LIST (month)`,
    );
    for (let month = 1; month <= months; month += 1) {
      await setup.query(`CREATE TABLE ${table}_${month} PARTITION OF ${table} FOR VALUES IN (${month})`);
      await setup.query(`CREATE INDEX ON ${table}_${month} (id)`);
    }
    await setup.end();
    for (const job of jobs) {
      await job.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      for (let month = 1, full = false; month <= months && !full; month += 1) {
        await job.query("SAVEPOINT next_one");
        full = await job.query(`SELECT count(*) FROM ${table}_${month}`).then(
          () => false,
          () => true,
        );
        if (full) await job.query("ROLLBACK TO next_one");
        await job.query("RELEASE next_one");
      }
      stage.leave(job.query("SELECT pg_sleep(60)"));
    }
    let refused = 0;
    await keepRunning(stage, clients, 60, async (client, turn) => {
      await client.query(`SELECT note FROM ${table} WHERE id = $1`, [turn]).catch((error) => {
        if (String(error).includes("shared memory")) refused += 1;
      });
      await client.query("SELECT pg_sleep(0.03)");
    });
    if (refused < 20) throw new Error(`the lock table is not full: ${refused} statements were refused`);
    return { culprits: [] };
  },
});
