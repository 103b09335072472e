import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Workers look for a contact with FOR UPDATE, find none, and insert it: each holds the gap the others want",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const workers = await stage.mySessions(stage.number(6, 8), stage.application());
    const [reader] = await stage.mySessions(1, "crm");
    const [setup] = workers;
    await setup?.query(
      "CREATE TABLE crm_contacts (contact_id bigint unsigned AUTO_INCREMENT PRIMARY KEY, tenant_id int unsigned NOT NULL, email varchar(120) NOT NULL, seen_count int NOT NULL DEFAULT 1, UNIQUE KEY of_tenant (tenant_id, email)) DEFAULT CHARSET utf8mb4",
    );
    await setup?.query(
      `INSERT INTO crm_contacts (tenant_id, email) SELECT n % 6, CONCAT('a', n, '@example.org') FROM ${numbersTo(1200)}`,
    );
    await ordinaryWork(stage, 3);
    if (reader)
      await keepRunning(stage, [reader], 20, async (client, turn) => {
        await client.query(
          "SELECT contact_id, email FROM crm_contacts WHERE tenant_id = ? ORDER BY email LIMIT 20",
          [turn % 6],
        );
        await pause(50);
      });
    await keepRunning(stage, workers, 400, async (client, turn) => {
      const tenant = turn % 3;
      const email = `z${turn}-${stage.seed}@example.org`;
      try {
        await client.query("START TRANSACTION");
        await client.query(
          "SELECT contact_id FROM crm_contacts WHERE tenant_id = ? AND email = ? FOR UPDATE",
          [tenant, email],
        );
        await pause(8);
        await client.query("INSERT INTO crm_contacts (tenant_id, email) VALUES (?, ?)", [tenant, email]);
        await client.query("COMMIT");
      } catch {
        await client.query("ROLLBACK");
      }
    });
    return { culprits: [] };
  },
});
