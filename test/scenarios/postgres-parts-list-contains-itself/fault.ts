import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "An assembly was entered as a part of itself, and a recursive question over the parts goes round in circles without an end",
  tiers: ["immediate", "performance"],
  majors: [18],
  thresholds: { longRunningSeconds: 6, killCandidateSeconds: 10 },
  make: async (stage) => {
    const [owner] = await stage.pgSessions(1, "plm-import");
    if (owner === undefined) throw new Error("no session");
    const top = stage.number(20, 90);
    await owner.query(`CREATE TABLE assembly_parts (parent_id int NOT NULL, child_id int NOT NULL, pieces int NOT NULL,
        PRIMARY KEY (parent_id, child_id));
      INSERT INTO assembly_parts SELECT n / 4 + 1, n + 2, 1 + n % 5 FROM generate_series(1, 24000) n;
      INSERT INTO assembly_parts VALUES (30001, 30002, 2), (30002, 30003, 1), (30003, 30001, 1), (${top}, 30001, 1)`);
    await owner.query("ANALYZE assembly_parts");
    await ordinaryWork(stage, 3);
    // A herring: what others ask of parts without the circle is answered at once.
    const [shop] = await stage.pgSessions(1, "spare-parts");
    await shop?.query("SELECT child_id, pieces FROM assembly_parts WHERE parent_id = 12");
    const designers = await stage.pgSessions(3, "plm-web");
    const pids: number[] = [];
    for (const designer of designers) {
      pids.push((await designer.query("SELECT pg_backend_pid() AS pid")).rows[0].pid);
      stage.leave(
        designer.query(
          `WITH RECURSIVE needed AS (
             SELECT child_id, pieces::numeric AS pieces FROM assembly_parts WHERE parent_id = $1
             UNION ALL
             SELECT p.child_id, least(n.pieces * p.pieces, 1000000) FROM needed n JOIN assembly_parts p ON p.parent_id = n.child_id
           ) SELECT child_id, sum(pieces) FROM needed GROUP BY child_id`,
          [30001],
        ),
      );
    }
    stage.cleanUp(async () => {
      for (const pid of pids) await shop?.query("SELECT pg_terminate_backend($1)", [pid]);
    });
    await pause(15_000);
    return { culprits: pids };
  },
});
