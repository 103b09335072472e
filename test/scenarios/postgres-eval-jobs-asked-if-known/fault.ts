import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** https://github.com/langfuse/langfuse/issues/11138 */
export const scenario = defineScenario({
  engine: "postgres",
  majors: [17],
  title:
    "Before each evaluation it is asked whether there is one: the index is on the project, and one project has all rows",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const workers = await stage.pgSessions(stage.number(3, 5), "eval-worker");
    const web = await stage.pgSessions(2, "web");
    const rows = stage.number(100_000, 130_000);
    const [setup] = workers;
    await setup?.query(`CREATE TYPE "JobExecutionStatus" AS ENUM ('COMPLETED', 'ERROR', 'PENDING', 'CANCELLED');
      CREATE TABLE job_configurations (id text PRIMARY KEY, project_id text NOT NULL, score_name text NOT NULL);
      INSERT INTO job_configurations SELECT 'cfg' || n, 'proj-' || n % 12, 'score ' || n FROM generate_series(1, 60) n;
      CREATE TABLE job_executions (id text PRIMARY KEY, created_at timestamp(3) NOT NULL DEFAULT now(), project_id text NOT NULL, job_configuration_id text NOT NULL REFERENCES job_configurations, status "JobExecutionStatus" NOT NULL, start_time timestamp(3), end_time timestamp(3), error text, job_input_trace_id text, job_input_observation_id text, job_input_dataset_item_id text, job_output_score_id text);
      INSERT INTO job_executions (id, project_id, job_configuration_id, status, job_input_trace_id) SELECT md5('e' || n), CASE WHEN n % 20 = 0 THEN 'proj-' || n % 12 ELSE 'proj-3' END, 'cfg' || 1 + (n % 5) * 12 + 2, 'COMPLETED', md5('t' || n) FROM generate_series(1, ${rows}) n;
      CREATE INDEX job_executions_project_id_status_idx ON job_executions (project_id, status);
      CREATE INDEX job_executions_project_id_id_idx ON job_executions (project_id, id);
      CREATE INDEX job_executions_job_configuration_id_idx ON job_executions (job_configuration_id)`);
    await setup?.query("ANALYZE job_executions, job_configurations");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, web, 10, async (client, turn) => {
      await client.query("SELECT id, score_name FROM job_configurations WHERE project_id = $1 ORDER BY id", [
        `proj-${turn % 12}`,
      ]);
      await pause(30);
    });
    await keepRunning(stage, workers, 300, async (client, turn) => {
      const trace = `t${rows + turn}`;
      const configuration = `cfg${3 + 12 * (turn % 5)}`;
      const { rows: known } = await client.query(
        `SELECT "id" FROM "job_executions" WHERE "project_id" = $1 AND "job_configuration_id" = $2 AND "job_input_trace_id" = md5($3) AND "job_input_dataset_item_id" IS NULL AND "job_input_observation_id" IS NULL`,
        ["proj-3", configuration, trace],
      );
      if (known.length > 0) return;
      await client.query(
        "INSERT INTO job_executions (id, project_id, job_configuration_id, status, job_input_trace_id) VALUES (gen_random_uuid()::text, 'proj-3', $1, 'PENDING', md5($2))",
        [configuration, trace],
      );
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(96)],
});
