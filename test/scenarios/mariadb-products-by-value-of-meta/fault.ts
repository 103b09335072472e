import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A shop's plugin finds each product by the value of one attribute, and only the attribute's name is indexed",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const syncs = await stage.mySessions(stage.number(4, 5), "erp-sync");
    const [visitor] = await stage.mySessions(1, stage.application());
    const [setup] = syncs;
    await setup?.query(
      "CREATE TABLE wp_posts (ID bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, post_title text NOT NULL, post_status varchar(20) NOT NULL DEFAULT 'publish', post_type varchar(20) NOT NULL DEFAULT 'post', post_date datetime NOT NULL, KEY type_status_date (post_type, post_status, post_date, ID)) DEFAULT CHARSET utf8mb4",
    );
    await setup?.query(
      "CREATE TABLE wp_postmeta (meta_id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, post_id bigint unsigned NOT NULL DEFAULT 0, meta_key varchar(255) DEFAULT NULL, meta_value longtext, KEY post_id (post_id), KEY meta_key (meta_key(191))) DEFAULT CHARSET utf8mb4",
    );
    await setup?.query(
      `INSERT INTO wp_posts SELECT n, CONCAT('Chair no. ', n), 'publish', IF(n % 5 = 0, 'post', 'product'), '2026-01-01' + INTERVAL n MINUTE FROM ${numbersTo(20_000)}`,
    );
    for (const key of ["_sku", "_price", "_stock", "_thumbnail_id"])
      await setup?.query(
        `INSERT INTO wp_postmeta (post_id, meta_key, meta_value) SELECT n, '${key}', CONCAT('${key === "_sku" ? "CH-" : ""}', n * 7) FROM ${numbersTo(20_000)}`,
      );
    await setup?.query("ANALYZE TABLE wp_posts, wp_postmeta");
    await ordinaryWork(stage, 3);
    if (visitor)
      await keepRunning(stage, [visitor], 30, async (client, turn) => {
        const post = 1 + ((turn * 11) % 20_000);
        await client.query(`SELECT * FROM wp_posts WHERE ID = ${post} LIMIT 1`);
        await client.query(
          `SELECT post_id, meta_key, meta_value FROM wp_postmeta WHERE post_id IN (${post}) ORDER BY meta_id ASC`,
        );
        await pause(20);
      });
    await keepRunning(stage, syncs, 90, async (client, turn) => {
      await client.query(
        `SELECT wp_posts.ID FROM wp_posts INNER JOIN wp_postmeta ON ( wp_posts.ID = wp_postmeta.post_id ) WHERE 1=1 AND ( ( wp_postmeta.meta_key = '_sku' AND wp_postmeta.meta_value = 'CH-${7 * (1 + ((turn * 31) % 20_000))}' ) ) AND wp_posts.post_type = 'product' AND (wp_posts.post_status = 'publish') GROUP BY wp_posts.ID ORDER BY wp_posts.post_date DESC LIMIT 0, 1`,
      );
      await pause(5);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(91)],
});
