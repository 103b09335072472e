import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "An import job locks its tenant's settings, then asks another service: that tenant's pages take all seats",
  server: { maxConnections: 45 },
  make: async (stage) => {
    const [job] = await stage.mySessions(1, "sidekiq-imports");
    const pages = await stage.mySessions(stage.number(26, 29), stage.application());
    const [report] = await stage.mySessions(1, "finance-export");
    await job?.query(
      "CREATE TABLE account_settings (tenant_code varchar(24) NOT NULL, setting_key varchar(48) NOT NULL, setting_value json NOT NULL, revision int unsigned NOT NULL DEFAULT 1, PRIMARY KEY (tenant_code, setting_key)) DEFAULT CHARSET utf8mb4",
    );
    await job?.query(
      `INSERT INTO account_settings SELECT CONCAT('tenant-', n % 60), CONCAT('feature.', n DIV 60), JSON_OBJECT('on', n % 2), 1 FROM ${numbersTo(1800)}`,
    );
    await job?.query(
      "CREATE TABLE import_batches (batch_uuid binary(16) PRIMARY KEY, tenant_code varchar(24) NOT NULL, state enum('new','reading','done') NOT NULL, KEY of_tenant (tenant_code))",
    );
    await ordinaryWork(stage, 3);
    // Nobody waits for it.
    if (report) stage.leave(report.query("SELECT COUNT(*), SLEEP(40) FROM import_batches"));
    const tenant = `tenant-${stage.number(3, 50)}`;
    await job?.query("START TRANSACTION");
    await job?.query(
      "SELECT setting_key, setting_value FROM account_settings WHERE tenant_code = ? FOR UPDATE",
      [tenant],
    );
    await job?.query("INSERT INTO import_batches VALUES (UNHEX(REPLACE(UUID(), '-', '')), ?, 'reading')", [
      tenant,
    ]);
    for (const [index, page] of pages.entries())
      stage.leave(
        page.query(
          "UPDATE account_settings SET setting_value = JSON_SET(setting_value, '$.seen', ?), revision = revision + 1 WHERE tenant_code = ? AND setting_key = ?",
          [index, tenant, `feature.${index % 9}`],
        ),
      );
    await pause(7000);
    return { culprits: job ? [job.threadId] : [] };
  },
});
