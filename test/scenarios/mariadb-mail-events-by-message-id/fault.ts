import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Each opened mail is looked up by the provider's message id, and deliveries are keyed by campaign and recipient",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const hooks = await stage.mySessions(stage.number(3, 5), stage.application());
    const editors = await stage.mySessions(2, stage.application());
    const rows = stage.number(70_000, 85_000);
    const [setup] = hooks;
    await setup?.query(
      "CREATE TABLE deliveries (campaign_id int unsigned NOT NULL, recipient_id int unsigned NOT NULL, provider_message_id varchar(80) NULL, state enum('queued','sent','opened','bounced') NOT NULL, sent_at timestamp NULL, PRIMARY KEY (campaign_id, recipient_id), KEY by_state (state, campaign_id))",
    );
    await setup?.query(
      `INSERT INTO deliveries SELECT 1 + n % 40, n, CONCAT('<', MD5(n), '@mail.example>'), ELT(1 + n % 3, 'sent', 'opened', 'bounced'), '2026-04-01' FROM ${numbersTo(rows)}`,
    );
    await setup?.query("ANALYZE TABLE deliveries");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, editors, 20, async (client, turn) => {
      await client.query("SELECT recipient_id FROM deliveries WHERE campaign_id = ? LIMIT 30", [
        1 + (turn % 40),
      ]);
      await pause(80);
    });
    await keepRunning(stage, hooks, 150, (client, turn) =>
      client.query(
        "SELECT `deliveries`.* FROM `deliveries` WHERE `deliveries`.`provider_message_id` = CONCAT('<', MD5(?), '@mail.example>') LIMIT 1",
        [rows - ((turn * 31) % 30_000)],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(89)],
});
