import { randomUUID } from "node:crypto";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

const exists =
  'SELECT 1 AS one FROM "comments" WHERE "comments"."deleted_at" IS NULL AND "comments"."commentable_type" = $1 AND "comments"."commentable_id" = $2 LIMIT $3';

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Rails asks whether a post has comments; the polymorphic key has no index, requests pile up and take four of five slots",
  tiers: ["immediate", "performance"],
  majors: [18],
  server: { maxConnections: 60, settings: { max_parallel_workers_per_gather: "0" } },
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    const rows = stage.number(380_000, 440_000);
    await setup.query(
      "CREATE TABLE comments (uid uuid PRIMARY KEY, commentable_type text NOT NULL, commentable_id uuid NOT NULL, author_handle text NOT NULL, body text NOT NULL, deleted_at timestamptz)",
    );
    await setup.query(
      `INSERT INTO comments SELECT md5('c' || n)::uuid, CASE WHEN n % 40 = 0 THEN 'Photo' ELSE 'Post' END, md5('p' || n / 3)::uuid, 'user' || n % 9000, repeat('words ', 14), CASE WHEN n % 50 = 0 THEN now() END FROM generate_series(1, ${rows}) n`,
    );
    // One of the two columns has an index, which is good for the rare type only.
    await setup.query("CREATE INDEX comments_type ON comments (commentable_type)");
    await setup.query("CREATE INDEX comments_author ON comments (author_handle)");
    await setup.query("VACUUM ANALYZE comments");
    await ordinaryWork(stage);
    const requests = await stage.pgSessions(stage.number(43, 45), "puma: cluster worker");
    await keepRunning(stage, requests, 120, (client) => client.query(exists, ["Post", randomUUID(), 1]));
    return { culprits: [] };
  },
  metrics: () => [busyCpu(95)],
});
