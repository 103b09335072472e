import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "The feed sorts every post of everyone who is followed to show the newest twenty; all its keys are there",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const clients = await stage.mySessions(stage.number(3, 5), stage.application());
    const [setup] = clients;
    await setup?.query(
      "CREATE TABLE follows (follower_id bigint unsigned NOT NULL, followee_id bigint unsigned NOT NULL, since datetime NOT NULL, PRIMARY KEY (follower_id, followee_id), KEY followers_of (followee_id))",
    );
    await setup?.query(
      "CREATE TABLE posts (id bigint unsigned NOT NULL PRIMARY KEY, author_id bigint unsigned NOT NULL, created_at datetime(6) NOT NULL, body varchar(280) NOT NULL, KEY of_author (author_id, created_at))",
    );
    await setup?.query(
      `INSERT INTO follows SELECT n DIV 150, 1 + (n * 7) % 300, '2026-01-01' FROM ${numbersTo(15_000)}`,
    );
    await setup?.query(
      `INSERT INTO posts SELECT n, 1 + n % 300, '2026-01-01' + INTERVAL n MINUTE, REPEAT('p', 140) FROM ${numbersTo(stage.number(70_000, 80_000))}`,
    );
    await setup?.query("ANALYZE TABLE follows, posts");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 80, (client, turn) =>
      client.query(
        "SELECT p.id, p.author_id, p.body, p.created_at FROM posts p JOIN follows f ON f.followee_id = p.author_id WHERE f.follower_id = ? ORDER BY p.created_at DESC LIMIT 20",
        [1 + (turn % 98)],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(92)],
});
