import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A job adds the next partition and drops the oldest in milliseconds while doors write and guards read today's",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const doors = await stage.mySessions(stage.number(3, 4), stage.application());
    const guards = await stage.mySessions(2, stage.application());
    const keeper = await oneMy(stage, stage.application());
    const partitions = Array.from(
      { length: 12 },
      (_, week) => `PARTITION w${week} VALUES LESS THAN (${week + 1})`,
    );
    await keeper.query(
      `CREATE TABLE door_events (week_no int NOT NULL, badge char(12) NOT NULL, at_ms bigint unsigned NOT NULL, door varchar(20) NOT NULL, PRIMARY KEY (badge, at_ms, week_no)) PARTITION BY RANGE (week_no) (${partitions.join(", ")})`,
    );
    await keeper.query(
      `INSERT INTO door_events SELECT n % 11, CONCAT('B', LPAD(n % 900, 11, '0')), n, 'north' FROM ${numbersTo(30_000)}`,
    );
    await ordinaryWork(stage, 2);
    await keepRunning(stage, doors, 60, async (client, turn) => {
      await client.query("INSERT INTO door_events VALUES (11, ?, ?, 'south')", [
        `B${String(turn % 900).padStart(11, "0")}`,
        1_000_000 + turn,
      ]);
      await pause(15);
    });
    let next = 12;
    await keepRunning(stage, [keeper], 4, async (client) => {
      await client.query(
        `ALTER TABLE door_events ADD PARTITION (PARTITION w${next} VALUES LESS THAN (${next + 1}))`,
      );
      await client.query(`ALTER TABLE door_events DROP PARTITION w${next - 12}`);
      next += 1;
      await pause(1500);
    });
    await keepRunning(stage, guards, 120, async (client, turn) => {
      await client.query(
        "SELECT at_ms, door FROM door_events WHERE badge = ? AND week_no = 11 ORDER BY at_ms DESC LIMIT 5",
        [`B${String(turn % 900).padStart(11, "0")}`],
      );
      await pause(20);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(44)],
});
