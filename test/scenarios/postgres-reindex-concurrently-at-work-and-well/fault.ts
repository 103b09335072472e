import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "An index is rebuilt concurrently: its copy is there and not valid yet, as it should be, and nobody waits",
  tiers: ["immediate", "performance", "health"],
  majors: [16],
  make: async (stage) => {
    const [owner, builder] = await stage.pgSessions(2, "nightly-maintenance");
    if (owner === undefined || builder === undefined) throw new Error("no session");
    const letters = stage.number(34_000, 38_000);
    // A key that takes a while to compute: on a small machine the rebuild of a small table lasts as long as that of a large one.
    await owner.query(`CREATE FUNCTION folded(of text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT md5(of) $$;
      CREATE TABLE letters (id int PRIMARY KEY, address text NOT NULL, seen int NOT NULL DEFAULT 0);
      INSERT INTO letters SELECT n, 'street ' || n FROM generate_series(1, ${letters}) n;
      SET max_parallel_maintenance_workers = 0;
      CREATE INDEX letters_folded ON letters (folded(address))`);
    await owner.query("VACUUM ANALYZE letters");
    await owner.query(`CREATE OR REPLACE FUNCTION folded(of text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
      BEGIN FOR i IN 1..900 LOOP PERFORM md5(of || i); END LOOP; RETURN md5(of); END $$`);
    await ordinaryWork(stage, 3);
    const readers = await stage.pgSessions(3, "letter-desk");
    await keepRunning(stage, readers, 30, async (reader, turn) => {
      await reader.query("SELECT id FROM letters WHERE folded(address) = $1", [`none ${turn}`]);
      if (turn % 4 === 0)
        await reader.query("UPDATE letters SET seen = seen + 1 WHERE id = $1", [1 + (turn % letters)]);
      await pause(40);
    });
    await builder.query("SET max_parallel_maintenance_workers = 0");
    stage.leave(builder.query("REINDEX INDEX CONCURRENTLY letters_folded"));
    await waitUntil(
      async () => {
        const seen = await owner.query(
          "SELECT blocks_done FROM pg_stat_progress_create_index WHERE phase LIKE 'building index%'",
        );
        const copy = await owner.query(
          "SELECT 1 FROM pg_index WHERE NOT indisvalid AND indrelid = 'letters'::regclass",
        );
        return seen.rowCount === 1 && Number(seen.rows[0].blocks_done) > 5 && copy.rowCount === 1;
      },
      { what: "the copy is being built", timeoutMs: 30_000 },
    );
    await pause(2000);
    return { culprits: [] };
  },
});
