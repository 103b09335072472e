import type { RowDataPacket } from "mysql2/promise";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "Relays take the outbox's oldest messages, skip what another has, and delete what they have sent",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const writers = await stage.mySessions(stage.number(3, 4), stage.application());
    const relays = await stage.mySessions(stage.number(3, 4), stage.application());
    const [setup] = writers;
    await setup?.query(
      "CREATE TABLE outbox_messages (message_id bigint unsigned AUTO_INCREMENT PRIMARY KEY, topic varchar(40) NOT NULL, aggregate_key varchar(60) NOT NULL, body mediumtext NOT NULL, created_at datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6))",
    );
    // The backlog of a minute, as there always is: DELETE goes by the key then, and not along the whole table.
    await setup?.query(
      `INSERT INTO outbox_messages (topic, aggregate_key, body) SELECT CONCAT('orders.', n % 5), CONCAT('order-', n), REPEAT('x', 400) FROM ${numbersTo(6000)}`,
    );
    await ordinaryWork(stage, 2);
    await keepRunning(stage, writers, 60, async (client, turn) => {
      await client.query("INSERT INTO outbox_messages (topic, aggregate_key, body) VALUES (?, ?, ?)", [
        `orders.${turn % 5}`,
        `order-${turn}`,
        "x".repeat(400),
      ]);
      await pause(25);
    });
    await keepRunning(stage, relays, 150, async (client) => {
      await client.query("START TRANSACTION");
      const [rows] = await client.query<RowDataPacket[]>(
        "SELECT message_id, topic, body FROM outbox_messages ORDER BY message_id LIMIT 10 FOR UPDATE SKIP LOCKED",
      );
      const ids = rows.map((row) => Number(row["message_id"]));
      // It sends them.
      await pause(15);
      if (ids.length > 0)
        await client.query(`DELETE FROM outbox_messages WHERE message_id IN (${ids.join(", ")})`);
      await client.query("COMMIT");
      await pause(60);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(47)],
});
