import { oneMy } from "../lock-waits.ts";
import { defineScenario, type MysqlFamily, type Scenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

/** What one has sent or received: rows wanted by one column or by another, of which one alone has an index. */
export const inboxOfEitherSide = (engine: MysqlFamily): Scenario =>
  defineScenario({
    engine,
    title: "A conversation is what one has sent or received; only the sender has an index",
    tiers: ["immediate", "performance"],
    make: async (stage) => {
      const clients = await stage.mySessions(stage.number(3, 5), stage.application());
      const rows = stage.number(60_000, 75_000);
      const [setup] = clients;
      await setup?.query(
        "CREATE TABLE direct_messages (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, sender_uuid binary(16) NOT NULL, recipient_uuid binary(16) NOT NULL, sent_at datetime(6) NOT NULL, body text NOT NULL, KEY by_sender (sender_uuid))",
      );
      await setup?.query(
        `INSERT INTO direct_messages (sender_uuid, recipient_uuid, sent_at, body) SELECT UNHEX(LPAD(HEX(n % 9001), 32, '0')), UNHEX(LPAD(HEX(n % 7919), 32, '0')), '2026-06-01' + INTERVAL n SECOND, REPEAT('b', 90) FROM ${numbersTo(rows)}`,
      );
      await setup?.query("ANALYZE TABLE direct_messages");
      // Harmless: a moderator's transaction on a table of its own.
      const moderator = await oneMy(stage, stage.application());
      await moderator.query("CREATE TABLE reports (report_no int PRIMARY KEY, verdict varchar(20))");
      await moderator.query("INSERT INTO reports VALUES (1, 'open'), (2, 'open')");
      await moderator.query("START TRANSACTION");
      await moderator.query("UPDATE reports SET verdict = 'spam' WHERE report_no = 1");
      await ordinaryWork(stage, 3);
      await keepRunning(stage, clients, 120, (client, turn) => {
        const person = Buffer.alloc(16);
        person.writeUInt16BE(turn % 7000, 14);
        return client.query(
          "SELECT id, sent_at, body FROM direct_messages WHERE sender_uuid = ? OR recipient_uuid = ? ORDER BY sent_at DESC LIMIT 25",
          [person, person],
        );
      });
      return { culprits: [] };
    },
    metrics: () => [busyCpu(93)],
  });
