import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "The month's billing charges every subscription in one transaction; customers who were charged cannot change theirs",
  thresholds: { longRunningSeconds: 5, killCandidateSeconds: 10, idleInTransactionSeconds: 8 },
  make: async (stage) => {
    const tenant = (number: number) => `T${String(number % 40).padStart(5, "0")}`;
    const billing = await oneMy(stage, stage.application());
    const portal = await stage.mySessions(stage.number(6, 9), stage.application());
    const rows = stage.number(3000, 4000);
    await billing.query(
      "CREATE TABLE subscriptions (tenant_code char(6) NOT NULL, sub_no int unsigned NOT NULL, plan enum('free','team','business') NOT NULL, balance decimal(12,2) NOT NULL, renewed_on date NOT NULL, PRIMARY KEY (tenant_code, sub_no))",
    );
    await billing.query(
      "CREATE TABLE charges (charge_no bigint unsigned AUTO_INCREMENT PRIMARY KEY, tenant_code char(6) NOT NULL, sub_no int unsigned NOT NULL, amount decimal(12,2) NOT NULL, KEY of_subscription (tenant_code, sub_no))",
    );
    await billing.query(
      `INSERT INTO subscriptions SELECT CONCAT('T', LPAD(n % 40, 5, '0')), n, ELT(1 + n % 3, 'free', 'team', 'business'), 100, '2026-10-01' FROM ${numbersTo(rows)}`,
    );
    // Harmless: somebody at the console has read one tenant's page and has gone for coffee.
    const console = await oneMy(stage, stage.application());
    await console.query("CREATE TABLE notices (notice_no int PRIMARY KEY, body varchar(200))");
    await console.query("INSERT INTO notices VALUES (1, 'maintenance on Sunday'), (2, 'new prices')");
    await console.query("START TRANSACTION");
    await console.query("SELECT body FROM notices WHERE notice_no = 1");
    await ordinaryWork(stage, 3);
    let billed = 0;
    let running = true;
    const run = async () => {
      await billing.query("START TRANSACTION");
      while (running && billed < rows) {
        billed += 1;
        const one = [tenant(billed), billed];
        await billing.query(
          "UPDATE subscriptions SET balance = balance - 19.00, renewed_on = '2026-11-01' WHERE tenant_code = ? AND sub_no = ?",
          one,
        );
        await billing.query("INSERT INTO charges (tenant_code, sub_no, amount) VALUES (?, ?, 19.00)", one);
        // It writes the invoice's PDF meanwhile.
        await pause(20);
      }
    };
    stage.leave(run());
    stage.cleanUp(async () => {
      running = false;
    });
    while (billed < 40) await pause(50);
    portal.forEach((client, index) => {
      const sub = 3 + 4 * index;
      stage.leave(
        client.query("UPDATE subscriptions SET plan = 'business' WHERE tenant_code = ? AND sub_no = ?", [
          tenant(sub),
          sub,
        ]),
      );
    });
    await myWaiting(stage, portal.length, 14);
    return { culprits: [idOf(billing)] };
  },
});
