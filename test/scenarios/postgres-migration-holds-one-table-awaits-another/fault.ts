import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

/** One transaction of a release changes two tables: it has the first, and waits for the second while workers want the first. */
export const scenario = defineScenario({
  engine: "postgres",
  majors: [15],
  title:
    "A release's migration has altered the artifacts and waits for a report on the tasks; all workers want artifacts",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const migration = await onePg(stage, "db-upgrade v48-v49");
    const report = await onePg(stage, "usage-report");
    const workers = await stage.pgSessions(stage.number(9, 12), "queue-worker");
    const scheduler = await stage.pgSessions(2, "scheduler");
    const wiki = await onePg(stage, "wiki");
    await migration.query(`CREATE TABLE task (task_id uuid PRIMARY KEY, queue_name text NOT NULL, created timestamptz NOT NULL, payload jsonb NOT NULL);
      INSERT INTO task SELECT gen_random_uuid(), 'pool/' || n % 9, now() - n * interval '1 minute', '{"command": ["make"]}' FROM generate_series(1, 6000) n;
      CREATE TABLE task_artifact (task_id uuid NOT NULL REFERENCES task, run_id int NOT NULL, name text NOT NULL, storage_type text NOT NULL, etag text, PRIMARY KEY (task_id, run_id, name));
      INSERT INTO task_artifact SELECT task_id, 0, 'public/log.txt', 's3', NULL FROM task;
      CREATE TABLE page (slug text PRIMARY KEY, body text);
      INSERT INTO page VALUES ('start', 'Hello'), ('about', 'Us')`);
    const { rows } = await migration.query("SELECT task_id FROM task LIMIT 40");
    const ids = rows.map((row) => String(row.task_id));
    await ordinaryWork(stage, 2);
    // Harmless: a page that somebody has open, and that nobody else wants.
    await wiki.query("BEGIN");
    await wiki.query("UPDATE page SET body = 'draft' WHERE slug = 'about'");
    const culprits = [await pidOf(migration), await pidOf(report)];
    stage.leave(
      report.query(
        "SELECT t.queue_name, count(DISTINCT md5(t.payload::text || o.task_id::text)) FROM task t JOIN task o ON o.created < t.created GROUP BY 1 ORDER BY 2 DESC",
      ),
    );
    await migration.query("SELECT pg_sleep(1)");
    await migration.query("BEGIN");
    await migration.query("ALTER TABLE task_artifact DROP COLUMN etag");
    stage.leave(migration.query("ALTER TABLE task ADD COLUMN project_id text NOT NULL DEFAULT 'none'"));
    await pgWaiting(stage, 1, 1);
    for (const [index, worker] of workers.entries()) {
      const work =
        index % 3 === 0
          ? "INSERT INTO task_artifact VALUES ($1, 1, 'public/result.json', 's3') ON CONFLICT DO NOTHING"
          : "SELECT name, storage_type FROM task_artifact WHERE task_id = $1";
      stage.leave(worker.query(work, [ids[index]]));
    }
    for (const client of scheduler)
      stage.leave(client.query("SELECT payload FROM task WHERE task_id = $1", [ids[30]]));
    await pgWaiting(stage, 1 + workers.length + scheduler.length, 13);
    return { culprits };
  },
});
