import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "Each page of the catalogue climbs down its tree by recursion, step by step along an index",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const pages = await stage.mySessions(stage.number(4, 6), stage.application());
    const [editor] = await stage.mySessions(1, "backoffice");
    const [setup] = pages;
    await setup?.query(
      "CREATE TABLE catalogue_nodes (shop_id smallint unsigned NOT NULL, node_code varchar(20) NOT NULL, parent_code varchar(20) DEFAULT NULL, title varchar(80) NOT NULL, position int NOT NULL, PRIMARY KEY (shop_id, node_code), KEY of_parent (shop_id, parent_code, position))",
    );
    await setup?.query(
      `INSERT INTO catalogue_nodes SELECT shop, CONCAT('n', n), IF(n = 1, NULL, CONCAT('n', (n + 3) DIV 5)), CONCAT('shelf ', n), n FROM (SELECT 1 AS shop UNION SELECT 2 UNION SELECT 3 UNION SELECT 4) AS shops, ${numbersTo(6000)}`,
    );
    await setup?.query("ANALYZE TABLE catalogue_nodes");
    await ordinaryWork(stage, 3);
    if (editor)
      await keepRunning(stage, [editor], 6, async (client, turn) => {
        await client.query("START TRANSACTION");
        await client.query("UPDATE catalogue_nodes SET title = ? WHERE shop_id = 4 AND node_code = ?", [
          `shelf ${turn}`,
          `n${5900 + (turn % 90)}`,
        ]);
        await pause(700);
        await client.query("COMMIT");
        await pause(300);
      });
    await keepRunning(stage, pages, 700, async (client, turn) => {
      await client.query(
        `WITH RECURSIVE branch AS (SELECT node_code, title, 0 AS depth FROM catalogue_nodes WHERE shop_id = ${1 + (turn % 4)} AND node_code = 'n${20 + (turn % 200)}' UNION ALL SELECT c.node_code, c.title, b.depth + 1 FROM branch b JOIN catalogue_nodes c ON c.shop_id = ${1 + (turn % 4)} AND c.parent_code = b.node_code WHERE b.depth < 2) SELECT node_code, title, depth FROM branch`,
      );
      await pause(6);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(52)],
});
