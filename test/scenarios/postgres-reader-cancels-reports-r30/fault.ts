import { openSessions } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The replica cancels one report of the analysts after the other, because vacuum on the primary removes rows that they still see and nobody gives them time",
  majors: [18, 16],
  look: "replica",
  tiers: ["immediate", "performance", "health"],
  server: {
    replicas: 1,
    settings: { max_standby_streaming_delay: "1s", hot_standby_feedback: "off" },
  },
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(`CREATE TABLE sensor_states (id int PRIMARY KEY, site int NOT NULL, level int NOT NULL, seen_at timestamptz NOT NULL);
      INSERT INTO sensor_states SELECT n, n % 40, n % 500, now() FROM generate_series(1, 20000) n`);
    await setup.query("VACUUM ANALYZE sensor_states");
    const writers = await stage.pgSessions(1, "sensor-gateway");
    await keepRunning(stage, writers, 2, async (writer, turn) => {
      await writer.query("UPDATE sensor_states SET level = level + 1, seen_at = now() WHERE id % 10 = $1", [
        turn % 10,
      ]);
      await writer.query("VACUUM sensor_states");
      await pause(300);
    });
    const [standby] = stage.postgres().replicas;
    if (standby === undefined) throw new Error("no replica");
    const analysts = await openSessions({ ...stage.postgres(), port: standby.port }, 3, {
      user: "shop",
      applicationName: "Metabase",
    });
    stage.cleanUp(() => Promise.all(analysts.map((analyst) => analyst.end())));
    await keepRunning(stage, analysts, 9, async (analyst) => {
      // Some seconds of work with one snapshot; most of them end with "conflict with recovery".
      await analyst
        .query(
          "SELECT a.site, count(*), avg(a.level - b.level) FROM sensor_states a JOIN sensor_states b ON b.site = a.site AND b.level <> a.level GROUP BY a.site",
        )
        .catch(() => undefined);
      await pause(150);
    });
    return { culprits: [] };
  },
});
