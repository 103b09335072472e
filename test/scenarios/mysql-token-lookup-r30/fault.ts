import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "Each request looks its login up by a token that has no index: the whole table is read every time",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await oneMy(stage, stage.application());
    await setup.query(
      "CREATE TABLE login_tokens (id int AUTO_INCREMENT PRIMARY KEY, user_id int NOT NULL, token char(64) NOT NULL, expires_at datetime NOT NULL, KEY by_user (user_id))",
    );
    await setup.query(
      `INSERT INTO login_tokens (user_id, token, expires_at) SELECT n, SHA2(n, 256), '2030-01-01' FROM ${numbersTo(100_000)}`,
    );
    await setup.query("ANALYZE TABLE login_tokens");
    await ordinaryWork(stage);
    const requests = await stage.mySessions(6, stage.application());
    await keepRunning(stage, requests, 150, async (request, turn) => {
      const token = `SHA2(${1 + ((turn * 7919) % 100_000)}, 256)`;
      const [rows] = await request.query(`SELECT ${token} AS token`);
      const [row] = rows as { token: string }[];
      await request.query(
        `SELECT user_id, expires_at FROM login_tokens WHERE token = '${row?.token ?? ""}' LIMIT 1`,
      );
    });
    return { culprits: [] };
  },
});
