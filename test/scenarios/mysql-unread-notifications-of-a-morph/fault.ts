import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Each page counts and lists the user's unread notifications by type and key of their owner; no index has both",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const pages = await stage.mySessions(stage.number(4, 6), stage.application());
    const [writer] = await stage.mySessions(1, "queue-worker");
    const [setup] = pages;
    await setup?.query(
      "CREATE TABLE `notifications` (`id` char(36) NOT NULL, `type` varchar(120) NOT NULL, `notifiable_type` varchar(80) NOT NULL, `notifiable_id` bigint unsigned NOT NULL, `data` json NOT NULL, `read_at` timestamp NULL, `created_at` timestamp NULL, PRIMARY KEY (`id`), KEY `by_type` (`type`)) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci",
    );
    await setup?.query(
      `INSERT INTO notifications SELECT UUID(), CONCAT('App\\\\Notifications\\\\Kind', n % 6), IF(n % 9 = 0, 'App\\\\Models\\\\Team', 'App\\\\Models\\\\User'), 1 + n % 4000, JSON_OBJECT('order', n, 'text', REPEAT('a', 90)), IF(n % 5 = 0, NULL, '2026-11-02 10:00:00'), '2026-10-01' + INTERVAL n MINUTE FROM ${numbersTo(45_000)}`,
    );
    await setup?.query("ANALYZE TABLE notifications");
    await ordinaryWork(stage, 3);
    if (writer)
      await keepRunning(stage, [writer], 20, async (client, turn) => {
        await client.query(
          "INSERT INTO notifications VALUES (UUID(), 'App\\\\Notifications\\\\Kind1', 'App\\\\Models\\\\User', ?, '{}', NULL, NOW())",
          [1 + (turn % 4000)],
        );
        await pause(60);
      });
    await keepRunning(stage, pages, 160, async (client, turn) => {
      const user = 1 + ((turn * 37) % 4000);
      await client.query(
        `select count(*) as aggregate from \`notifications\` where \`notifications\`.\`notifiable_type\` = 'App\\\\Models\\\\User' and \`notifications\`.\`notifiable_id\` = ${user} and \`notifications\`.\`notifiable_id\` is not null and \`read_at\` is null`,
      );
      if (turn % 3 === 0)
        await client.query(
          `select * from \`notifications\` where \`notifications\`.\`notifiable_type\` = 'App\\\\Models\\\\User' and \`notifications\`.\`notifiable_id\` = ${user} and \`notifications\`.\`notifiable_id\` is not null order by \`created_at\` desc limit 10`,
        );
      await pause(10);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(88)],
});
