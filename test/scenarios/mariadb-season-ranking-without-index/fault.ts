import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "The ranking of a game's season: the players' partition is read and sorted whole for the first hundred, at each look",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const pages = await stage.mySessions(stage.number(3, 5), "ranking-pages");
    const players = stage.number(70_000, 80_000);
    const [setup] = pages;
    await setup?.query(
      "CREATE TABLE standings (season_no smallint unsigned NOT NULL, player_uid binary(16) NOT NULL, realm char(2) NOT NULL, rating int NOT NULL, played int unsigned NOT NULL, seen_at timestamp(3) NOT NULL, PRIMARY KEY (season_no, player_uid)) PARTITION BY LIST (season_no) (PARTITION s7 VALUES IN (7), PARTITION s8 VALUES IN (8))",
    );
    await setup?.query(
      `INSERT INTO standings SELECT 8, UNHEX(LEFT(SHA2(n, 256), 32)), ELT(1 + n % 3, 'eu', 'na', 'ap'), 900 + (n * 7919) % 2400, n % 600, '2026-10-01' + INTERVAL n MINUTE FROM ${numbersTo(players)}`,
    );
    await setup?.query(
      `INSERT INTO standings SELECT 7, UNHEX(LEFT(SHA2(n, 256), 32)), 'eu', 1000 + n % 900, n % 300, '2026-05-01' FROM ${numbersTo(5000)}`,
    );
    await setup?.query("ANALYZE TABLE standings");
    await ordinaryWork(stage, 2);
    // Beside: the results of the games, each player by the whole key.
    const [results] = await stage.mySessions(1, "game-results");
    if (results === undefined) throw new Error("no session");
    await keepRunning(stage, [results], 10, async (session, turn) => {
      await session.query(
        "UPDATE standings SET played = played + 1 WHERE season_no = 8 AND player_uid = UNHEX(LEFT(SHA2(?, 256), 32))",
        [1 + (turn % 5000)],
      );
      await pause(15);
    });
    // Harmless: a moderator's transaction on a table of her own.
    const moderator = await oneMy(stage, "moderation");
    await moderator.query("CREATE TABLE bans (ban_no int PRIMARY KEY, why varchar(60))");
    await moderator.query("START TRANSACTION");
    await moderator.query("INSERT INTO bans VALUES (1, 'spam')");
    await keepRunning(stage, pages, 120, (page, turn) =>
      page.query(
        "SELECT HEX(`s`.`player_uid`) AS `player`, `s`.`rating`, `s`.`played` FROM `standings` `s` WHERE `s`.`season_no` = ? AND `s`.`realm` = ? ORDER BY `s`.`rating` DESC LIMIT 100",
        [8, ["eu", "na", "ap"][turn % 3]],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(94)],
});
