import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** https://github.com/Icinga/icinga2/issues/5080 */
export const scenario = defineScenario({
  engine: "mariadb",
  title: "Each downtime that starts is looked for in the whole history, and locks it while it looks",
  tiers: ["immediate", "performance"],
  // With its index it writes so fast that the lab's own 16 MiB would be too small.
  server: { settings: { "innodb-log-file-size": "268435456" } },
  make: async (stage) => {
    const monitors = await stage.mySessions(stage.number(4, 6), "icinga2");
    const [web] = await stage.mySessions(1, "icingaweb2");
    const wiki = await oneMy(stage, "wiki");
    const rows = stage.number(45_000, 60_000);
    const [setup] = monitors;
    await setup?.query(
      "CREATE TABLE icinga_downtimehistory (downtimehistory_id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, instance_id bigint unsigned DEFAULT 0, downtime_type smallint DEFAULT 0, object_id bigint unsigned DEFAULT 0, entry_time timestamp NULL, author_name varchar(64) DEFAULT '', comment_data text, internal_downtime_id bigint unsigned DEFAULT 0, scheduled_start_time timestamp NULL, scheduled_end_time timestamp NULL, was_started smallint DEFAULT 0, actual_start_time timestamp NULL, KEY downtimehistory_instance (instance_id))",
    );
    await setup?.query(
      `INSERT INTO icinga_downtimehistory (instance_id, downtime_type, object_id, entry_time, author_name, comment_data, internal_downtime_id, scheduled_start_time) SELECT 1, 1, n % 5000, TIMESTAMP('2026-01-01') + INTERVAL n SECOND, 'admin', 'patching', n, TIMESTAMP('2026-01-01') + INTERVAL n MINUTE FROM ${numbersTo(rows)}`,
    );
    await setup?.query("ANALYZE TABLE icinga_downtimehistory");
    await wiki.query("CREATE TABLE wiki_page (slug varchar(40) PRIMARY KEY, body text NOT NULL)");
    await wiki.query("INSERT INTO wiki_page VALUES ('runbook', 'a'), ('rota', 'b')");
    // Harmless: a page that somebody has open, and that nobody else wants.
    await wiki.query("START TRANSACTION");
    await wiki.query("UPDATE wiki_page SET body = 'draft' WHERE slug = 'rota'");
    await ordinaryWork(stage, 3);
    if (web)
      await keepRunning(stage, [web], 8, async (client, turn) => {
        await client.query(
          "SELECT author_name, comment_data FROM icinga_downtimehistory WHERE downtimehistory_id > ? ORDER BY downtimehistory_id LIMIT 25",
          [turn * 25],
        );
        await pause(50);
      });
    await keepRunning(stage, monitors, 100, async (client, turn) => {
      const n = 1 + ((turn * 7919) % rows);
      await client.query(
        "UPDATE icinga_downtimehistory SET actual_start_time = NOW(), was_started = 1 WHERE instance_id = 1 AND object_id = ? AND entry_time = TIMESTAMP('2026-01-01') + INTERVAL ? SECOND AND internal_downtime_id = ?",
        [n % 5000, n, n],
      );
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(91)],
});
