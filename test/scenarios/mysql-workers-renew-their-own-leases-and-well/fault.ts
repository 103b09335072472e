import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "Healthy: thirty workers renew each its own lease by its key, many times a second, and nobody waits",
  tiers: ["immediate", "performance"],
  server: { maxConnections: 80 },
  make: async (stage) => {
    const workers = await stage.mySessions(30, stage.application());
    const [setup] = workers;
    await setup?.query(
      "CREATE TABLE leases (shard varchar(20) NOT NULL PRIMARY KEY, owner varchar(40) NOT NULL, version int unsigned NOT NULL, until datetime(3) NOT NULL)",
    );
    await setup?.query(
      `INSERT INTO leases SELECT CONCAT('shard-', n), CONCAT('worker-', n), 0, NOW(3) FROM ${numbersTo(30)}`,
    );
    await ordinaryWork(stage, 3);
    await keepRunning(stage, workers, 900, async (client, turn) => {
      const shard = `shard-${1 + (turn % 30)}`;
      await client.query("SELECT owner, version FROM leases WHERE shard = ?", [shard]);
      await client.query(
        "UPDATE leases SET version = version + 1, until = NOW(3) + INTERVAL 10 SECOND WHERE shard = ?",
        [shard],
      );
      await pause(100);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(33)],
});
