import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Healthy: the search service reads by an indexed change number what was changed, page after page, beside writers",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const [feeder] = await stage.mySessions(1, "search-feeder");
    const writers = await stage.mySessions(stage.number(4, 6), stage.application());
    await feeder?.query(
      "CREATE TABLE listings (id int unsigned NOT NULL PRIMARY KEY, change_no bigint unsigned NOT NULL, title varchar(80) NOT NULL, body varchar(300) NOT NULL, KEY by_change (change_no))",
    );
    await feeder?.query(
      `INSERT INTO listings SELECT n, n, CONCAT('listing ', n), REPEAT('b', 200) FROM ${numbersTo(40_000)}`,
    );
    await feeder?.query("ANALYZE TABLE listings");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, writers, 200, async (client, turn) => {
      await client.query("UPDATE listings SET change_no = ?, title = ? WHERE id = ?", [
        100_000 + turn,
        `listing again ${turn}`,
        1 + (turn % 40_000),
      ]);
      await pause(20);
    });
    await keepRunning(stage, feeder === undefined ? [] : [feeder], 60, async (client, turn) => {
      await client.query(
        "SELECT id, change_no, title, body FROM listings WHERE change_no > ? ORDER BY change_no LIMIT 200",
        [(turn * 200) % 40_000],
      );
      await pause(40);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(41)],
});
