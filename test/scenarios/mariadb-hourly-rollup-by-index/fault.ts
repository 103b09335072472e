import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Sums of each hour are made from its rows by the index on the time, while new rows come in; nobody waits",
  tiers: ["immediate", "performance", "health"],
  metrics: () => [busyCpu(49)],
  make: async (stage) => {
    const admin = await openSession(stage.mysql());
    stage.cleanUp(() => admin.end());
    const hours = stage.number(70, 80);
    await admin.query(
      "CREATE TABLE app.page_hits (id bigint AUTO_INCREMENT PRIMARY KEY, hour_no int NOT NULL, kind int NOT NULL, bytes int NOT NULL, KEY ix_hour (hour_no, kind, bytes))",
    );
    await admin.query(
      `INSERT INTO app.page_hits (hour_no, kind, bytes) SELECT 1 + n % ${hours}, n % 9, n % 5000 FROM ${numbersTo(80_000)}`,
    );
    await admin.query(
      "CREATE TABLE app.hit_sums (hour_no int, kind int, hits int NOT NULL, bytes bigint NOT NULL, PRIMARY KEY (hour_no, kind))",
    );
    await admin.query("ANALYZE TABLE app.page_hits");
    await ordinaryWork(stage, 3);
    const web = await stage.mySessions(3, "edge");
    await keepRunning(stage, web, 30, async (session, turn) => {
      await session.query("INSERT INTO page_hits (hour_no, kind, bytes) VALUES (?, ?, ?)", [
        500,
        turn % 9,
        turn % 5000,
      ]);
      await pause(30);
    });
    const [sums] = await stage.mySessions(1, "rollup");
    if (sums === undefined) throw new Error("no session");
    await keepRunning(stage, [sums], 60, async (session, turn) => {
      await session.query(
        "INSERT INTO hit_sums SELECT hour_no, kind, COUNT(*), SUM(bytes) FROM page_hits WHERE hour_no = ? GROUP BY hour_no, kind ON DUPLICATE KEY UPDATE hits = VALUES(hits), bytes = VALUES(bytes)",
        [1 + (turn % hours)],
      );
      await pause(60);
    });
    return { culprits: [] };
  },
});
