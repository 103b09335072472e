import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Healthy: an index is being built CONCURRENTLY, not valid yet as it must be, while the application reads and writes",
  majors: [15, 17, 18],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const deployment = await onePg(stage, "deploy");
    await deployment.query(
      "CREATE TABLE documents (id int PRIMARY KEY, body varchar(80) NOT NULL, seen int NOT NULL) WITH (fillfactor = 50)",
    );
    await deployment.query(
      "INSERT INTO documents SELECT n, 'document ' || n, 0 FROM generate_series(1, 4000) AS n",
    );
    await deployment.query("ANALYZE documents");
    await deployment.query(
      `CREATE FUNCTION fingerprint(body text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$
       DECLARE mark text := body;
       BEGIN
         FOR i IN 1..15000 LOOP mark := md5(mark); END LOOP;
         RETURN mark;
       END $$`,
    );
    stage.leave(
      deployment.query("CREATE INDEX CONCURRENTLY documents_fingerprint ON documents (fingerprint(body))"),
    );
    const watcher = await onePg(stage, "watcher");
    await waitUntil(
      async () => {
        const { rows } = await watcher.query(
          "SELECT count(*)::int AS n FROM pg_stat_progress_create_index WHERE phase LIKE 'building index%'",
        );
        return rows[0].n === 1;
      },
      { what: "the index is being built" },
    );
    const pages = await stage.pgSessions(2, stage.application());
    await keepRunning(stage, pages, 60, async (page, turn) => {
      await page.query(`SELECT body FROM documents WHERE id = ${1 + (turn % 4000)}`);
      await page.query(`UPDATE documents SET seen = seen + 1 WHERE id = ${1 + ((turn * 7) % 4000)}`);
      await pause(30);
    });
    return { culprits: [] };
  },
});
