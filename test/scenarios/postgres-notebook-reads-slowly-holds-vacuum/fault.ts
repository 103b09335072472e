import { Socket } from "node:net";
import * as z from "zod";
import { openSession } from "../../lab/engines/sql.ts";
import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** What the client has under it: it stops to read, as a slow reader does between two pages. */
const lineOf = z.object({ connection: z.object({ stream: z.instanceof(Socket) }) });

export const scenario = defineScenario({
  engine: "postgres",
  majors: [18],
  title:
    "A notebook takes a big result slowly over a thin line; its snapshot keeps the dead rows of the busiest table",
  tiers: ["immediate", "performance", "health"],
  server: { settings: { autovacuum_naptime: "1s" } },
  thresholds: { idleInTransactionSeconds: 10, longRunningSeconds: 8, killCandidateSeconds: 15 },
  make: async (stage) => {
    const admin = await openSession(stage.postgres());
    stage.cleanUp(() => admin.end());
    await admin.query(`CREATE TABLE deliveries (id int PRIMARY KEY, note text NOT NULL);
      INSERT INTO deliveries SELECT n, repeat('d', 900) FROM generate_series(1, 60000) n;
      CREATE TABLE seat_holds (seat int PRIMARY KEY, state int NOT NULL, until timestamptz);
      INSERT INTO seat_holds SELECT n, n % 3, now() FROM generate_series(1, 4000) n;
      ANALYZE deliveries; ANALYZE seat_holds;
      GRANT ALL ON deliveries, seat_holds TO shop`);
    await ordinaryWork(stage, 3);
    const notebook = await onePg(stage, "notebook");
    const culprit = await pidOf(notebook);
    stage.leave(notebook.query("SELECT d.id, d.note FROM deliveries d ORDER BY d.id"));
    lineOf.parse(notebook).connection.stream.pause();
    const holders = await stage.pgSessions(3, "box-office");
    const churn = stage.number(60, 70);
    await keepRunning(stage, holders, churn, async (holder, turn) => {
      // Each has seats of its own, so that nobody waits for anybody.
      const from = 1 + (turn % 3) * 1300 + ((turn >> 2) % 2) * 600;
      await holder.query(
        "UPDATE seat_holds SET state = (state + 1) % 3, until = now() WHERE seat IN (SELECT seat FROM seat_holds WHERE seat >= $1 AND seat < $1 + 500 ORDER BY seat FOR UPDATE)",
        [from],
      );
      await pause(40);
    });
    const hall = await stage.pgSessions(2, "seat-map");
    await keepRunning(stage, hall, 20, async (map) => {
      await map.query("SELECT state, count(*) FROM seat_holds GROUP BY state");
      await pause(30);
    });
    await pause(18_000);
    return { culprits: [culprit] };
  },
});
