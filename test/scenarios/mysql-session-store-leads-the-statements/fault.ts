import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Each request reads and writes its web session by key: most of all statements, and each takes no time",
  tiers: ["immediate", "performance"],
  // The lab's own is of 8 MiB, which these writes go round in four seconds.
  server: { settings: { "loose-innodb-redo-log-capacity": "268435456" } },
  make: async (stage) => {
    const web = await stage.mySessions(stage.number(6, 9), "php-fpm");
    const [collector] = await stage.mySessions(1, "session-gc");
    const [setup] = web;
    await setup?.query(
      "CREATE TABLE web_session (sess_id varbinary(128) NOT NULL PRIMARY KEY, sess_data blob NOT NULL, sess_lifetime int unsigned NOT NULL, sess_time int unsigned NOT NULL, KEY sess_lifetime_idx (sess_lifetime))",
    );
    await ordinaryWork(stage, 3);
    if (collector)
      await keepRunning(stage, [collector], 3, async (client) => {
        await client.query("DELETE FROM web_session WHERE sess_lifetime < ?", [1_700_000_000]);
        await pause(900);
      });
    await keepRunning(stage, web, 1500, async (client, turn) => {
      const id = `s${(turn * 31) % 5000}`;
      await client.query("SELECT sess_data, sess_lifetime FROM web_session WHERE sess_id = ?", [id]);
      await client.query(
        "INSERT INTO web_session (sess_id, sess_data, sess_lifetime, sess_time) VALUES (?, REPEAT('x', 900), 1900000000, 1800000000) ON DUPLICATE KEY UPDATE sess_data = VALUES(sess_data), sess_lifetime = VALUES(sess_lifetime), sess_time = VALUES(sess_time)",
        [id],
      );
      await pause(5);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(56)],
});
