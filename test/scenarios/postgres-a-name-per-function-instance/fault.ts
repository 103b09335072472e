import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [14],
  title:
    "Each frozen instance of a function keeps its connection, each under a name of its own; the slots run out",
  server: { maxConnections: 60 },
  thresholds: { idleSessionSeconds: 3, leakIdleSeconds: 6 },
  make: async (stage) => {
    const admin = await openSession(stage.postgres());
    stage.cleanUp(() => admin.end());
    await admin.query(
      "CREATE TABLE thumbnails (id serial PRIMARY KEY, url text NOT NULL); GRANT ALL ON thumbnails, thumbnails_id_seq TO shop",
    );
    await ordinaryWork(stage, 3);
    const culprits: number[] = [];
    const instances = stage.number(48, 50);
    for (let n = 0; n < instances; n += 1) {
      const [session] = await stage.pgSessions(
        1,
        `thumbnailer-${(stage.number(0x100000, 0xffffff) * 7 + n).toString(16)}`,
      );
      const { rows } = (await session?.query("SELECT pg_backend_pid() AS pid")) ?? { rows: [] };
      culprits.push(Number(rows[0]?.pid));
      await session?.query("INSERT INTO thumbnails (url) VALUES ($1)", [`/img/${n}.webp`]);
      await pause(350);
    }
    await pause(8000);
    return { culprits };
  },
});
