import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "Every wallboard of the call centre counts the whole month anew each few seconds",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const boards = await stage.mySessions(stage.number(6, 7), "wallboard");
    const desks = await stage.mySessions(2, stage.application());
    const [setup] = boards;
    await setup?.query(
      "CREATE TABLE calls_log (center_id smallint unsigned NOT NULL, call_no int unsigned NOT NULL, agent_code char(8) NOT NULL, outcome enum('answered','lost','transferred') NOT NULL, talk_seconds smallint unsigned NOT NULL, started_at datetime NOT NULL, PRIMARY KEY (center_id, call_no), KEY by_start (started_at))",
    );
    await setup?.query(
      `INSERT INTO calls_log SELECT 1 + n % 12, n, CONCAT('AG', LPAD(n % 340, 6, '0')), 1 + n % 3, n % 1100, '2026-10-24' + INTERVAL n * 30 SECOND FROM ${numbersTo(100_000)}`,
    );
    await setup?.query("ANALYZE TABLE calls_log");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, desks, 30, async (client, turn) => {
      const call = 1 + (turn % 90_000);
      await client.query("SELECT agent_code, outcome FROM calls_log WHERE center_id = ? AND call_no = ?", [
        1 + (call % 12),
        call,
      ]);
      await client.query("UPDATE calls_log SET outcome = 'transferred' WHERE center_id = ? AND call_no = ?", [
        1 + (call % 12),
        call,
      ]);
      await pause(40);
    });
    await keepRunning(stage, boards, 90, async (client) => {
      await client.query(
        "SELECT agent_code, outcome, COUNT(*) AS calls, AVG(talk_seconds) AS talk, MAX(started_at) AS latest FROM calls_log WHERE started_at >= '2026-11-01' GROUP BY agent_code, outcome ORDER BY calls DESC",
      );
      await pause(30);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(93)],
});
