import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Now and then a page request sweeps the expired sessions out, by a column without an index: all others wait",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(88)],
  make: async (stage) => {
    const admin = await openSession(stage.mysql());
    stage.cleanUp(() => admin.end());
    const sessions = stage.number(55_000, 65_000);
    await admin.query(
      "CREATE TABLE app.web_sessions (token char(24) PRIMARY KEY, user_id int NOT NULL, data varchar(200) NOT NULL, expires_at int NOT NULL, KEY ix_user (user_id))",
    );
    await admin.query(
      `INSERT INTO app.web_sessions SELECT LPAD(n, 24, 'a'), n % 9000, REPEAT('s', 150), 2000000000 + n FROM ${numbersTo(sessions)}`,
    );
    await admin.query("ANALYZE TABLE app.web_sessions");
    await ordinaryWork(stage, 3);
    const pages = await stage.mySessions(9, "php-fpm");
    await keepRunning(stage, pages, 900, async (page, turn) => {
      const token = `${1 + ((turn * 37) % sessions)}`.padStart(24, "a");
      await page.query("SELECT data FROM web_sessions WHERE token = ?", [token]);
      await page.query("UPDATE web_sessions SET expires_at = ? WHERE token = ?", [2000100000 + turn, token]);
      if (turn % 8 === 0)
        await page.query("DELETE FROM web_sessions WHERE expires_at < ?", [1900000000 + turn]);
      await pause(10);
    });
    return { culprits: [] };
  },
});
