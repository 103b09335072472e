import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Every page of a WordPress reads its autoloaded options out of a table that a plugin has filled with transients",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const pages = await stage.mySessions(stage.number(4, 6), "php-fpm");
    const [shop] = await stage.mySessions(1, "woocommerce");
    const transients = stage.number(24_000, 30_000);
    const [setup] = pages;
    await setup?.query(
      "CREATE TABLE wp_options (option_id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, option_name varchar(191) NOT NULL DEFAULT '', option_value longtext NOT NULL, autoload varchar(20) NOT NULL DEFAULT 'yes', UNIQUE KEY option_name (option_name))",
    );
    await setup?.query(
      `INSERT INTO wp_options (option_name, option_value, autoload) SELECT CONCAT('setting_', n), REPEAT('s', 200), 'yes' FROM ${numbersTo(320)}`,
    );
    await setup?.query(
      `INSERT INTO wp_options (option_name, option_value, autoload) SELECT CONCAT('_transient_feed_', MD5(n)), REPEAT('t', 900), 'no' FROM ${numbersTo(transients)}`,
    );
    await setup?.query("ANALYZE TABLE wp_options");
    await shop?.query(
      "CREATE TABLE wp_wc_sessions (session_key char(32) PRIMARY KEY, session_value longtext NOT NULL)",
    );
    await shop?.query(`INSERT INTO wp_wc_sessions SELECT MD5(n), 'a:0:{}' FROM ${numbersTo(500)}`);
    // Harmless: a checkout whose customer is still typing.
    await shop?.query("START TRANSACTION");
    await shop?.query("UPDATE wp_wc_sessions SET session_value = 'a:1:{}' WHERE session_key = MD5(7)");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, pages, 120, async (page, turn) => {
      await page.query(
        "SELECT option_name, option_value FROM wp_options WHERE autoload IN ( 'yes', 'on', 'auto-on', 'auto' )",
      );
      for (let look = 0; look < 3; look += 1) {
        await page.query("SELECT option_value FROM wp_options WHERE option_name = ? LIMIT 1", [
          `setting_${1 + ((turn + look) % 320)}`,
        ]);
      }
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(91)],
});
