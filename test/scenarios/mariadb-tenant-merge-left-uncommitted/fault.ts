import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "Support merged two tenants by hand and did not commit: the members' last visits wait for it",
  thresholds: { longRunningSeconds: 5, killCandidateSeconds: 10, idleInTransactionSeconds: 8 },
  make: async (stage) => {
    const support = await oneMy(stage, "mysql");
    const reader = await oneMy(stage, "mysql");
    const web = await stage.mySessions(stage.number(6, 9), stage.application());
    await support.query(
      "CREATE TABLE memberships (tenant_id smallint unsigned NOT NULL, user_id int unsigned NOT NULL, role varchar(10) NOT NULL, last_seen datetime NULL, PRIMARY KEY (tenant_id, user_id))",
    );
    await support.query(
      `INSERT INTO memberships SELECT 1 + n % 25, n, 'member', NULL FROM ${numbersTo(5000)}`,
    );
    await support.query("CREATE TABLE plans (tenant_id smallint unsigned PRIMARY KEY, plan varchar(12))");
    await support.query("INSERT INTO plans SELECT DISTINCT tenant_id, 'basic' FROM memberships");
    await ordinaryWork(stage, 3);
    await reader.query("START TRANSACTION");
    await reader.query("SELECT * FROM plans WHERE tenant_id = 3");
    await support.query("START TRANSACTION");
    await support.query("UPDATE memberships SET tenant_id = 30 WHERE tenant_id = 8");
    await support.query("SELECT COUNT(*) FROM memberships WHERE tenant_id = 30");
    await pause(5000);
    for (const [index, client] of web.entries()) {
      stage.leave(
        client.query("UPDATE memberships SET last_seen = NOW() WHERE tenant_id = 8 AND user_id = ?", [
          7 + 25 * (index + 1),
        ]),
      );
      await pause(500);
    }
    await myWaiting(stage, web.length, 13);
    return { culprits: [idOf(support)] };
  },
});
