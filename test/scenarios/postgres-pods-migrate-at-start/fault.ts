import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

const migrationLock = "SELECT pg_advisory_lock(72707369)";

/** Every pod migrates when it starts: one has the migrator's lock, the others wait for it, as they should. */
export const scenario = defineScenario({
  engine: "postgres",
  majors: [15],
  title: "A pod's migration waits for a worker that forgot its transaction, and every request waits for it",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const worker = await onePg(stage, "tiles-worker");
    const [migrator, ...pods] = await stage.pgSessions(3, "catalog-migrate");
    const web = await stage.pgSessions(stage.number(12, 16), "catalog-api");
    const analyst = await onePg(stage, "metabase");
    if (migrator === undefined) throw new Error("no session");
    await worker.query(`CREATE SCHEMA catalog;
      CREATE TABLE catalog.workspaces (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), slug text UNIQUE NOT NULL, settings jsonb NOT NULL DEFAULT '{}');
      INSERT INTO catalog.workspaces (slug) SELECT 'space-' || n FROM generate_series(1, 2000) n;
      CREATE TABLE catalog.usage_days (workspace uuid, day date, tiles int, PRIMARY KEY (workspace, day))`);
    await ordinaryWork(stage, 2);
    await analyst.query("BEGIN");
    await analyst.query("SELECT sum(tiles) FROM catalog.usage_days");
    const culprits = [await pidOf(worker), await pidOf(migrator)];
    await worker.query("BEGIN");
    await worker.query("SELECT id, slug, settings FROM catalog.workspaces WHERE slug = 'space-17'");
    await migrator.query(migrationLock);
    stage.leave(
      migrator.query(
        "ALTER TABLE catalog.workspaces ADD COLUMN IF NOT EXISTS provisioning_checklist jsonb NOT NULL DEFAULT '[]'",
      ),
    );
    for (const pod of pods) stage.leave(pod.query(migrationLock));
    await pgWaiting(stage, 1 + pods.length, 1);
    web.forEach((client, index) => {
      stage.leave(
        client.query("SELECT id, slug, settings FROM catalog.workspaces WHERE slug = $1", [`space-${index}`]),
      );
    });
    await pgWaiting(stage, 1 + pods.length + web.length, 14);
    return { culprits };
  },
});
