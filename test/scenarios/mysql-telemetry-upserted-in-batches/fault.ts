import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Collectors upsert their own devices' last values in batches, in the order of the key, day and night",
  tiers: ["immediate", "performance"],
  server: { settings: { "innodb-redo-log-capacity": "268435456" } },
  make: async (stage) => {
    const collectors = await stage.mySessions(stage.number(4, 5), stage.application());
    const [setup] = collectors;
    await setup?.query(
      "CREATE TABLE device_state (device_uid varchar(32) COLLATE utf8mb4_bin NOT NULL, metric smallint unsigned NOT NULL, value double NOT NULL, seen_at datetime(3) NOT NULL, PRIMARY KEY (device_uid, metric))",
    );
    await ordinaryWork(stage, 3);
    await keepRunning(stage, collectors, 160, async (client, turn) => {
      const mine = turn % collectors.length;
      const rows = Array.from({ length: 200 }, (_, index) => {
        const device = `c${mine}-${String(((turn * 13) % 20) * 50 + Math.floor(index / 4)).padStart(6, "0")}`;
        return `('${device}', ${index % 4}, ${(turn * index) % 97}, NOW(3))`;
      });
      await client.query(
        `INSERT INTO device_state (device_uid, metric, value, seen_at) VALUES ${rows.join(", ")} ON DUPLICATE KEY UPDATE value = VALUES(value), seen_at = VALUES(seen_at)`,
      );
      await pause(60);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(61)],
});
