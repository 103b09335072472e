import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Parcels are looked up by tracking number in a table that is partitioned by month and has no index of it",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const clients = await stage.mySessions(stage.number(3, 5), stage.application());
    const rows = stage.number(60_000, 75_000);
    const [setup] = clients;
    const months = Array.from(
      { length: 11 },
      (_, month) =>
        `PARTITION m${month + 1} VALUES LESS THAN (TO_DAYS('2026-${String(month + 2).padStart(2, "0")}-01'))`,
    );
    await setup?.query(
      `CREATE TABLE parcels (id bigint unsigned NOT NULL AUTO_INCREMENT, shipped_on date NOT NULL, depot smallint NOT NULL, tracking_no varchar(30) COLLATE utf8mb4_bin NOT NULL, state varchar(20) NOT NULL, address json, PRIMARY KEY (id, shipped_on), KEY at_depot (depot, shipped_on))
       PARTITION BY RANGE (TO_DAYS(shipped_on)) (${months.join(", ")}, PARTITION later VALUES LESS THAN MAXVALUE)`,
    );
    await setup?.query(
      `INSERT INTO parcels (shipped_on, depot, tracking_no, state, address) SELECT '2026-01-01' + INTERVAL n % 330 DAY, n % 60, CONCAT('1Z', LPAD(n, 12, '0'), 'DE'), 'in transit', JSON_OBJECT('street', REPEAT('s', 60), 'zip', n % 99999) FROM ${numbersTo(rows)}`,
    );
    await setup?.query("ANALYZE TABLE parcels");
    // Harmless: the depots' board, by its index.
    const board = await oneMy(stage, stage.application());
    await ordinaryWork(stage, 3);
    await keepRunning(stage, [board], 2, async (client, turn) => {
      await client.query("SELECT COUNT(*) FROM parcels WHERE depot = ? AND shipped_on = '2026-11-20'", [
        turn % 60,
      ]);
      await client.query("SELECT SLEEP(0.2)");
    });
    await keepRunning(stage, clients, 120, (client, turn) =>
      client.query("SELECT state, address FROM parcels WHERE tracking_no = ? LIMIT 1", [
        `1Z${String(1 + ((turn * 7919) % rows)).padStart(12, "0")}DE`,
      ]),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(92)],
});
