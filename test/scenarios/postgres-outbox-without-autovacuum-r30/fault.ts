import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Autovacuum was turned off on a queue's table for a backfill and never on again: a few hundred jobs lie among half a million dead rows, and each poll reads them all",
  majors: [14, 17],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(`CREATE TABLE outbox_jobs (id bigserial PRIMARY KEY, state varchar(10) NOT NULL DEFAULT 'queued', topic varchar(30) NOT NULL, body text NOT NULL, created_at timestamptz NOT NULL DEFAULT now()) WITH (autovacuum_enabled = false);
      INSERT INTO outbox_jobs (topic, body) SELECT 'mail.' || n % 9, repeat(md5(n::text), 25) FROM generate_series(1, 200000) n`);
    await setup.query("UPDATE outbox_jobs SET state = 'done'");
    await setup.query("DELETE FROM outbox_jobs WHERE id > 300");
    await setup.query("UPDATE outbox_jobs SET state = 'queued'");
    // The statistics are of today; the server counts what was done only some time after.
    await pause(1500);
    await setup.query("SELECT 1");
    await setup.query("ANALYZE outbox_jobs");
    const workers = await stage.pgSessions(3, "outbox-relay");
    await keepRunning(stage, workers, 40, async (worker, turn) => {
      const taken = await worker.query(
        "UPDATE outbox_jobs SET state = 'done' WHERE id IN (SELECT id FROM outbox_jobs WHERE state = 'queued' ORDER BY created_at LIMIT 5 FOR UPDATE SKIP LOCKED) RETURNING id",
      );
      await worker.query("DELETE FROM outbox_jobs WHERE state = 'done' AND id = ANY($1::bigint[])", [
        taken.rows.map((row) => row.id),
      ]);
      await worker.query(
        "INSERT INTO outbox_jobs (topic, body) SELECT 'mail.' || $1, repeat(md5(n::text), 25) FROM generate_series(1, 5) n",
        [turn % 9],
      );
      await pause(30);
    });
    await pause(3000);
    return { culprits: [] };
  },
});
