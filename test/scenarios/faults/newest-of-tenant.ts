import { oneMy } from "../lock-waits.ts";
import { defineScenario, type MysqlFamily, type Scenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

/** A list page without the index that would give it in order. */
export const newestOfTenant = (engine: MysqlFamily): Scenario =>
  defineScenario({
    engine,
    title:
      "The first page of a big tenant's open tickets: the index finds all of them, and all are sorted for fifty",
    tiers: ["immediate", "performance"],
    make: async (stage) => {
      const clients = await stage.mySessions(stage.number(3, 5), stage.application());
      const rows = stage.number(85_000, 95_000);
      const [setup] = clients;
      await setup?.query(
        "CREATE TABLE support_tickets (tenant_id int unsigned NOT NULL, ticket_no int unsigned NOT NULL, state varchar(12) NOT NULL, subject varchar(160) NOT NULL, updated_at datetime(3) NOT NULL, PRIMARY KEY (ticket_no), KEY by_state (tenant_id, state))",
      );
      await setup?.query(
        `INSERT INTO support_tickets SELECT IF(n % 5 < 2, 1, 2 + n % 41), n, ELT(1 + n % 3, 'open', 'waiting', 'open'), REPEAT('t', 110), '2026-03-01' + INTERVAL (n * 7919) % 400000 MINUTE FROM ${numbersTo(rows)}`,
      );
      await setup?.query("ANALYZE TABLE support_tickets");
      // Harmless: an importer between two of its rows.
      const importer = await oneMy(stage, stage.application());
      await importer.query("CREATE TABLE imported (row_no int PRIMARY KEY, line varchar(40))");
      await importer.query("START TRANSACTION");
      await importer.query("INSERT INTO imported VALUES (1, 'a;b;c')");
      await ordinaryWork(stage, 3);
      await keepRunning(stage, clients, 120, (client) =>
        client.query(
          "SELECT `t`.* FROM `support_tickets` `t` WHERE `t`.`tenant_id` = ? AND `t`.`state` = ? ORDER BY `t`.`updated_at` DESC LIMIT 50",
          [1, "open"],
        ),
      );
      return { culprits: [] };
    },
    metrics: () => [busyCpu(93)],
  });
