import { createConnection } from "mysql2/promise";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A schema for every tenant, each with small tables that are read whole: busy, with many scans and an old idle pool, and nobody is slow",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const tenants = Array.from({ length: stage.number(24, 30) }, (_, index) => `tenant_${1000 + index * 7}`);
    const admin = await createConnection({ uri: stage.server.adminUrl });
    stage.cleanUp(async () => admin.destroy());
    for (const tenant of tenants) {
      await admin.query(`CREATE DATABASE ${tenant}`);
      await admin.query(`GRANT ALL PRIVILEGES ON ${tenant}.* TO shop@'%'`);
      await admin.query(
        `CREATE TABLE ${tenant}.preferences (id int AUTO_INCREMENT PRIMARY KEY, name varchar(60) NOT NULL, value json NOT NULL)`,
      );
      await admin.query(
        `INSERT INTO ${tenant}.preferences (name, value) SELECT CONCAT('feature.', n), JSON_OBJECT('on', true) FROM ${numbersTo(70)}`,
      );
      await admin.query(
        `CREATE TABLE ${tenant}.tasks (uuid char(36) PRIMARY KEY, owner int NOT NULL, title varchar(80) NOT NULL, due date NULL, KEY by_owner (owner))`,
      );
      await admin.query(
        `INSERT INTO ${tenant}.tasks SELECT CONCAT('task-', n), n % 25, CONCAT('task ', n), NULL FROM ${numbersTo(300)}`,
      );
    }
    const clients = await stage.mySessions(stage.number(7, 9), "workspace-api");
    await stage.mySessions(14, "workspace-jobs");
    const [reporter] = await stage.mySessions(1, "usage-report");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 600, async (client, turn) => {
      const tenant = tenants[turn % tenants.length] ?? "";
      await client.query(`USE ${tenant}`);
      await client.query("SELECT value FROM preferences WHERE name = ?", [`feature.${1 + (turn % 70)}`]);
      await client.query("SELECT uuid, title FROM tasks WHERE owner = ? ORDER BY title LIMIT 20", [
        turn % 25,
      ]);
      await client.query("UPDATE tasks SET due = CURRENT_DATE WHERE uuid = ?", [`task-${1 + (turn % 300)}`]);
      await pause(18);
    });
    // Once an hour somebody counts what everybody has; it takes a moment.
    await reporter?.query(
      "SELECT table_schema, SUM(table_rows), SUM(data_length) FROM information_schema.tables WHERE table_schema LIKE 'tenant%' GROUP BY table_schema",
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(57)],
});
