import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "A player's rank is how many have more points, counted along the right index at every page view",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const clients = await stage.mySessions(stage.number(4, 6), stage.application());
    const rows = stage.number(80_000, 95_000);
    const [setup] = clients;
    await setup?.query(
      "CREATE TABLE season_scores (season smallint unsigned NOT NULL, player_id int unsigned NOT NULL, points int unsigned NOT NULL, guild varchar(30), PRIMARY KEY (player_id, season), KEY by_points (season, points))",
    );
    await setup?.query(
      `INSERT INTO season_scores SELECT 9, n, (n * 7919) % 100003, CONCAT('guild-', n % 300) FROM ${numbersTo(rows)}`,
    );
    await setup?.query("ANALYZE TABLE season_scores");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 200, async (client, turn) => {
      const player = 1 + ((turn * 31) % rows);
      await client.query("SELECT points FROM season_scores WHERE season = 9 AND player_id = ?", [player]);
      await client.query("SELECT COUNT(*) + 1 AS `rank` FROM season_scores WHERE season = 9 AND points > ?", [
        (turn * 37) % 60_000,
      ]);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(93)],
});
