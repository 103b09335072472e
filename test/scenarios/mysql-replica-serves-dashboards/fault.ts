import { createConnection } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { untilCaughtUp } from "../support/mysql-caught-up.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "A replica for dashboards: each sums up a whole table every few seconds, and the replica keeps up",
  tiers: ["immediate", "performance", "health"],
  server: { replicas: 1 },
  look: "replica",
  metrics: () => [busyCpu(31)],
  make: async (stage) => {
    const table = stage.table();
    const writer = await oneMy(stage, stage.application());
    await writer.query(
      `CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, region int NOT NULL, amount int NOT NULL, at datetime NOT NULL)`,
    );
    await writer.query(
      `INSERT INTO ${table} (region, amount, at) SELECT n % 40, n % 997, NOW() - INTERVAL n MINUTE FROM ${numbersTo(60_000)}`,
    );
    const uri = (stage.server.replicas[0]?.adminUrl ?? "").toString();
    const replica = await createConnection({ uri });
    await untilCaughtUp(stage, replica);
    await replica.end();
    await keepRunning(stage, [writer], 20, async (client, turn) => {
      await client.query(`INSERT INTO ${table} (region, amount, at) VALUES (${turn % 40}, ${turn}, NOW())`);
      await new Promise((resolve) => setTimeout(resolve, 30));
    });
    const open = () =>
      createConnection({ uri, database: "app", connectAttributes: { program_name: "grafana" } });
    const dashboards = await Promise.all([open(), open(), open()]);
    for (const dashboard of dashboards) stage.cleanUp(async () => dashboard.destroy());
    await keepRunning(stage, dashboards, 9, async (client) => {
      await client.query(`SELECT region, SUM(amount), COUNT(*) FROM ${table} GROUP BY region`);
      await new Promise((resolve) => setTimeout(resolve, 2500));
    });
    await waitUntil(async () => true, { what: "the dashboards have been drawn" });
    return { culprits: [] };
  },
});
