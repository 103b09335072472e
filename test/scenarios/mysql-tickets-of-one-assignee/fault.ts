import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "The key begins with the tenant, and one tenant has half the tickets: my open ones are looked for among all of its",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const clients = await stage.mySessions(stage.number(3, 5), stage.application());
    const rows = stage.number(70_000, 80_000);
    const [setup] = clients;
    await setup?.query(
      "CREATE TABLE support_tickets (tenant_id int unsigned NOT NULL, ticket_no int unsigned NOT NULL, assignee_id int unsigned NULL, state varchar(12) NOT NULL, subject varchar(160) NOT NULL, updated_at datetime(3) NOT NULL, PRIMARY KEY (tenant_id, ticket_no), KEY by_state (tenant_id, state))",
    );
    await setup?.query(
      `INSERT INTO support_tickets SELECT IF(n % 2 = 0, 1, 2 + n % 41), n, n % 1200, ELT(1 + n % 3, 'open', 'waiting', 'closed'), REPEAT('t', 110), '2026-03-01' + INTERVAL n MINUTE FROM ${numbersTo(rows)}`,
    );
    await setup?.query("ANALYZE TABLE support_tickets");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 150, (client, turn) =>
      client.query(
        "SELECT `t`.* FROM `support_tickets` `t` WHERE `t`.`tenant_id` = ? AND `t`.`assignee_id` = ? AND `t`.`state` <> 'closed' ORDER BY `t`.`updated_at` DESC LIMIT 50",
        [1, (turn * 34) % 1200],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(91)],
});
