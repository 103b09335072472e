import { createHash } from "node:crypto";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

const place =
  'SELECT ranked.place, ranked.score FROM (SELECT "s"."player", "s"."score", rank() OVER (ORDER BY "s"."score" DESC) AS place FROM "game_scores" AS "s" WHERE "s"."season" = $1) AS ranked WHERE ranked.player = $2';

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Every player's page asks for one place, and all players of the season are ranked for it; the index fits, the question does not",
  tiers: ["immediate", "performance"],
  majors: [17, 15],
  server: { settings: { max_parallel_workers_per_gather: "0" } },
  thresholds: { slowQuerySeconds: 0.2 },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    const players = stage.number(300_000, 350_000);
    await setup.query(
      "CREATE TABLE game_scores (season smallint, player uuid, score int NOT NULL, country char(2) NOT NULL, PRIMARY KEY (season, player))",
    );
    await setup.query(
      `INSERT INTO game_scores SELECT CASE WHEN n % 12 = 0 THEN 6 ELSE 7 END, md5('p' || n)::uuid, (n::bigint * 7919) % 1000003, 'FI' FROM generate_series(1, ${players}) n`,
    );
    await setup.query("CREATE INDEX game_scores_board ON game_scores (season, score DESC, player)");
    await setup.query("VACUUM ANALYZE game_scores");
    await ordinaryWork(stage);
    // The board of the best twenty, by the same index: short.
    const boards = await stage.pgSessions(2, "lobby");
    await keepRunning(stage, boards, 10, async (client) => {
      await client.query(
        "SELECT player, score FROM game_scores WHERE season = $1 ORDER BY score DESC LIMIT 20",
        [7],
      );
      await pause(30);
    });
    const pages = await stage.pgSessions(6, "profile-service");
    await keepRunning(stage, pages, 70, (client, turn) => {
      const player = createHash("md5")
        .update(`p${1 + turn * 12}`)
        .digest("hex");
      return client.query(place, [7, player]);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(94)],
});
