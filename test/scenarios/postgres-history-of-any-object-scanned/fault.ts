import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** A history of every model in one table, as Django's generic relations keep it; nearly all rows are of one model. */
export const scenario = defineScenario({
  engine: "postgres",
  majors: [15],
  title:
    "The history of one object is asked by the kind and key that it has, of which only the kind is indexed",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(93)],
  make: async (stage) => {
    const setup = await onePg(stage, "backoffice");
    const rows = stage.number(240_000, 280_000);
    await setup.query(`CREATE TABLE auditlog_logentry (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, content_type_id int NOT NULL, object_pk varchar(255) NOT NULL, actor_id int, action smallint NOT NULL, changes jsonb NOT NULL, "timestamp" timestamptz NOT NULL);
      INSERT INTO auditlog_logentry (content_type_id, object_pk, actor_id, action, changes, "timestamp")
        SELECT CASE WHEN n % 20 = 0 THEN 7 ELSE 12 END, (n / 6)::text, n % 300, n % 3, '{"status": ["open", "paid"]}', now() - n * interval '9 seconds' FROM generate_series(1, ${rows}) n;
      CREATE INDEX auditlog_logentry_content_type_id_idx ON auditlog_logentry (content_type_id);
      CREATE INDEX auditlog_logentry_actor_id_idx ON auditlog_logentry (actor_id);
      CREATE INDEX auditlog_logentry_timestamp_idx ON auditlog_logentry ("timestamp")`);
    await setup.query("VACUUM ANALYZE auditlog_logentry");
    await ordinaryWork(stage, 3);
    // The celery workers write to it by the dozen, and are quick.
    const writers = await stage.pgSessions(2, "celery");
    await keepRunning(stage, writers, 20, async (client, turn) => {
      await client.query(
        'INSERT INTO auditlog_logentry (content_type_id, object_pk, actor_id, action, changes, "timestamp") VALUES (12, $1, 5, 1, $2, now())',
        [String(turn), '{"total": [1, 2]}'],
      );
      await pause(40);
    });
    const pages = await stage.pgSessions(stage.number(4, 6), "backoffice");
    await keepRunning(stage, pages, 120, (client, turn) =>
      client.query(
        'SELECT "auditlog_logentry"."id", "auditlog_logentry"."actor_id", "auditlog_logentry"."action", "auditlog_logentry"."changes", "auditlog_logentry"."timestamp" FROM "auditlog_logentry" WHERE ("auditlog_logentry"."content_type_id" = $1 AND "auditlog_logentry"."object_pk" = $2) ORDER BY "auditlog_logentry"."timestamp" DESC',
        [12, String((turn * 7919) % 40_000)],
      ),
    );
    return { culprits: [] };
  },
});
