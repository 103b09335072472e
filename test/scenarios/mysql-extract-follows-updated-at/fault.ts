import type { RowDataPacket } from "mysql2/promise";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "The warehouse's extract follows the last change, two thousand rows a page, and wants each of them",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const extracts = await stage.mySessions(2, "airbyte");
    const desks = await stage.mySessions(stage.number(3, 4), stage.application());
    const [setup] = extracts;
    await setup?.query(
      "CREATE TABLE policy_claims (branch smallint unsigned NOT NULL, claim_no int unsigned NOT NULL, holder varchar(60) NOT NULL, amount decimal(12,2) NOT NULL, status varchar(12) NOT NULL, updated_at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), PRIMARY KEY (branch, claim_no), KEY by_change (updated_at, branch, claim_no))",
    );
    await setup?.query(
      `INSERT INTO policy_claims SELECT 1 + n % 25, n, CONCAT('holder ', n % 9000), n % 70000 / 7, 'open', '2026-11-01' + INTERVAL n SECOND FROM ${numbersTo(60_000)}`,
    );
    await setup?.query("ANALYZE TABLE policy_claims");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, desks, 200, async (client, turn) => {
      const claim = 1 + ((turn * 101) % 60_000);
      await client.query("SELECT * FROM policy_claims WHERE branch = ? AND claim_no = ?", [
        1 + (claim % 25),
        claim,
      ]);
      await client.query("UPDATE policy_claims SET amount = amount + 1 WHERE branch = ? AND claim_no = ?", [
        1 + (claim % 25),
        claim,
      ]);
      await pause(12);
    });
    const since = new Map<object, string>();
    await keepRunning(stage, extracts, 60, async (client) => {
      const [rows] = await client.query<RowDataPacket[]>(
        "SELECT branch, claim_no, holder, amount, status, CAST(updated_at AS char) AS cursor_value FROM policy_claims WHERE updated_at > ? ORDER BY updated_at, branch, claim_no LIMIT 2000",
        [since.get(client) ?? "2026-01-01"],
      );
      const last = rows.at(-1)?.["cursor_value"];
      if (rows.length === 2000 && typeof last === "string") since.set(client, last);
      else since.delete(client);
      await pause(60);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(46)],
});
