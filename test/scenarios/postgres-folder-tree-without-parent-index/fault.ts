import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Sub-folders are found by a recursive query over a parent column that has a foreign key and no index",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(95)],
  make: async (stage) => {
    const [owner] = await stage.pgSessions(1, "alembic");
    if (owner === undefined) throw new Error("no session");
    const rows = stage.number(150_000, 190_000);
    await owner.query(`CREATE TABLE folders (id bigint PRIMARY KEY, workspace varchar(12) NOT NULL, parent_id bigint REFERENCES folders (id),
        label text NOT NULL, trashed boolean NOT NULL DEFAULT false);
      INSERT INTO folders (id, workspace, parent_id, label)
        SELECT n, 'ws' || n % 60, nullif(n / 9, 0), 'folder ' || n FROM generate_series(1, ${rows}) n;
      CREATE INDEX folders_workspace ON folders (workspace, label);
      CREATE TABLE uploads (day date NOT NULL, workspace varchar(12) NOT NULL, bytes bigint NOT NULL, PRIMARY KEY (day, workspace));
      INSERT INTO uploads SELECT date '2026-01-01' + n, 'ws' || w, n * w FROM generate_series(0, 300) n, generate_series(1, 60) w`);
    await owner.query("VACUUM ANALYZE folders, uploads");
    await ordinaryWork(stage, 3);
    // A herring: a report adds up a small table now and then.
    const [report] = await stage.pgSessions(1, "usage-report");
    if (report === undefined) throw new Error("no session");
    await keepRunning(stage, [report], 2, async (session) => {
      await session.query("SELECT workspace, sum(bytes) FROM uploads GROUP BY workspace ORDER BY 2 DESC");
      await pause(900);
    });
    const clients = await stage.pgSessions(5, "drive-web");
    await keepRunning(stage, clients, 80, async (client, turn) => {
      await client.query(
        `WITH RECURSIVE below AS (
           SELECT id, parent_id, label FROM folders WHERE id = $1
           UNION ALL
           SELECT f.id, f.parent_id, f.label FROM folders f INNER JOIN below b ON f.parent_id = b.id WHERE NOT f.trashed)
         SELECT id, label FROM below`,
        [300 + ((turn * 131) % 4000)],
      );
    });
    return { culprits: [] };
  },
});
