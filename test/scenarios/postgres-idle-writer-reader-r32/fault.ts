import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Harmless: nobody has written for over a minute, so the reader's last replayed commit is old and its clock of lag runs; it has all there is",
  majors: [17, 14, 16],
  tiers: ["immediate", "performance", "health"],
  look: "replica",
  server: { replicas: 1 },
  make: async (stage) => {
    const server = stage.postgres();
    const [node] = server.replicas;
    if (node === undefined) throw new Error("no replica");
    const setup = await onePg(stage, "setup");
    await setup.query(
      `CREATE TABLE timetable (id int PRIMARY KEY, stop text NOT NULL, leaves_at time NOT NULL);
       INSERT INTO timetable SELECT n, 'stop ' || n % 200, '05:00'::time + make_interval(secs => n) FROM generate_series(1, 20000) AS n`,
    );
    await setup.query("VACUUM ANALYZE timetable");
    await setup.end();
    const readers = await Promise.all(
      Array.from({ length: 3 }, () =>
        openSession({ ...server, port: node.port }, { user: "shop", applicationName: "timetable-web" }),
      ),
    );
    for (const reader of readers) stage.cleanUp(() => reader.end());
    const [first] = readers;
    if (first === undefined) throw new Error("no reader");
    await waitUntil(async () => (await first.query("SELECT 1 FROM timetable LIMIT 1")).rows.length === 1, {
      what: "the reader has the rows",
    });
    await keepRunning(stage, readers.slice(1), 20, async (client, turn) => {
      await client.query("SELECT stop, leaves_at FROM timetable WHERE id = $1", [1 + (turn % 20000)]);
      await pause(30);
    });
    await waitUntil(
      async () =>
        Number(
          (
            await first.query(
              "SELECT extract(epoch FROM now() - pg_last_xact_replay_timestamp())::float AS age",
            )
          ).rows[0].age,
        ) > 75,
      { what: "the last commit is over a minute old", timeoutMs: 240_000, everyMs: 500 },
    );
    return { culprits: [] };
  },
});
