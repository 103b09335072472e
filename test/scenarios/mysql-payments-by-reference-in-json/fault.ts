import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "Each webhook finds its payment by a reference inside a JSON column, as Laravel's arrow writes it",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const hooks = await stage.mySessions(stage.number(3, 5), "webhook-queue");
    const [desk] = await stage.mySessions(1, "support-desk");
    const tinker = await oneMy(stage, "artisan");
    const rows = stage.number(24_000, 30_000);
    const [setup] = hooks;
    await setup?.query(
      "CREATE TABLE `payments` (`id` bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, `team_id` int unsigned NOT NULL, `amount` decimal(12,2) NOT NULL, `currency` char(3) NOT NULL, `meta` json NOT NULL, `deleted_at` timestamp NULL, `created_at` timestamp NULL, KEY `payments_team_id_index` (`team_id`, `created_at`))",
    );
    await setup?.query(
      `INSERT INTO payments (team_id, amount, currency, meta, created_at) SELECT n % 300, n % 90 + 0.5, 'EUR', JSON_OBJECT('external_ref', CONCAT('pi_', LEFT(SHA2(n, 256), 24)), 'provider', 'stripe', 'card', JSON_OBJECT('brand', 'visa', 'last4', n % 9000)), NOW() FROM ${numbersTo(rows)}`,
    );
    await setup?.query("ANALYZE TABLE payments");
    await tinker.query("CREATE TABLE features (name varchar(40) PRIMARY KEY, active tinyint(1) NOT NULL)");
    await tinker.query("INSERT INTO features VALUES ('new-checkout', 1), ('dark-mode', 0)");
    // Harmless: somebody tries a flag by hand, which nobody else sets.
    await tinker.query("START TRANSACTION");
    await tinker.query("UPDATE features SET active = 1 WHERE name = 'dark-mode'");
    await ordinaryWork(stage, 3);
    if (desk)
      await keepRunning(stage, [desk], 8, async (client, turn) => {
        await client.query(
          "select * from `payments` where `team_id` = ? and `payments`.`deleted_at` is null order by `created_at` desc limit 15",
          [turn % 300],
        );
        await pause(60);
      });
    await keepRunning(stage, hooks, 120, async (client, turn) => {
      const [[found]] = (await client.query(
        "select `id` from `payments` where json_unquote(json_extract(`meta`, '$.\"external_ref\"')) = concat('pi_', left(sha2(?, 256), 24)) and `payments`.`deleted_at` is null limit 1",
        [rows - ((turn * 7) % 900)],
      )) as unknown as [[{ id: number } | undefined]];
      if (found)
        await client.query(
          "update `payments` set `meta` = json_set(`meta`, '$.\"status\"', 'paid') where `id` = ?",
          [found.id],
        );
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(92)],
});
