import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** A rolling release on a quiet database: the new pods ask for the migrator's lock now and then, and wait. */
export const scenario = defineScenario({
  engine: "postgres",
  majors: [16],
  title: "One new pod builds an index concurrently, the others ask whether it is done; requests go on",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(52)],
  make: async (stage) => {
    const migrator = await onePg(stage, "flyway");
    const pods = await stage.pgSessions(3, "flyway");
    const readers = await stage.pgSessions(3, "document-api");
    const watcher = await onePg(stage, "watcher");
    const rows = stage.number(500_000, 560_000);
    await migrator.query(`CREATE TABLE documents (tenant int, id bigint, title text NOT NULL, body text NOT NULL, PRIMARY KEY (tenant, id));
      INSERT INTO documents SELECT n % 90, n, 'Report of ' || md5(n::text), repeat(md5(n::text), 6) FROM generate_series(1, ${rows}) n`);
    await migrator.query(`CREATE FUNCTION fingerprint(body text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
      DECLARE digest bytea := body::bytea;
      BEGIN
        FOR round IN 1..14 LOOP digest := sha512(digest || body::bytea); END LOOP;
        RETURN encode(digest, 'hex');
      END $$`);
    await migrator.query("VACUUM ANALYZE documents");
    await ordinaryWork(stage, 2);
    await keepRunning(stage, readers, 30, async (session, turn) => {
      await session.query("SELECT title FROM documents WHERE tenant = $1 AND id = $2", [
        turn % 90,
        turn % 90,
      ]);
      await pause(25);
    });
    await migrator.query("SELECT pg_advisory_lock(77431708279161)");
    await migrator.query("SET maintenance_work_mem = '1MB'");
    stage.leave(
      migrator.query(
        "CREATE INDEX CONCURRENTLY documents_fingerprint ON documents (tenant, fingerprint(body), title)",
      ),
    );
    await keepRunning(stage, pods, 6, async (session) => {
      await session.query("SELECT pg_try_advisory_lock(77431708279161)");
      await pause(500);
    });
    await waitUntil(
      async () => {
        const { rows: building } = await watcher.query(
          "SELECT phase FROM pg_stat_progress_create_index WHERE phase LIKE 'building%'",
        );
        return building.length > 0;
      },
      { what: "the index is being built" },
    );
    await watcher.end();
    return { culprits: [] };
  },
});
