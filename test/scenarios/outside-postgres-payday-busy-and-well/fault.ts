import { calmRds } from "../support/outside/calm.ts";
import { byHour, type Curve } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "payments-core";

/** Payday: two fifths more than on other days, since the morning. */
function today(value: number): Curve {
  const day = byHour(value);
  return (ago) => Number(day(ago)) * (ago < 300 ? 1 : 0.71);
}

export const scenario = defineOutside({
  engine: "postgres",
  title: "Payday on 8 vCPU: 67 % of the CPU, an alarm that is set at 60, and nobody waits",
  world: (dice) => {
    const connections = dice.number(310, 330);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.8",
          DBInstanceClass: "db.m5.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 800,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 8,
          memoryGib: 32,
          freeGib: 390,
          connections,
          cpu: 67,
          iops: 2300,
        }),
        CPUUtilization: today(67),
        DatabaseConnections: today(connections),
        ReadIOPS: today(820),
        WriteIOPS: today(1480),
        DBLoad: today(4.9),
        DBLoadCPU: today(4.2),
        DBLoadNonCPU: today(0.7),
        DiskQueueDepth: today(2.4),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 4.2, "IO:WALSync": 0.3, "IO:DataFileRead": 0.3, "Client:ClientRead": 0.1 },
        [
          {
            sql: "INSERT INTO transfers ( debtor , creditor , amount ) VALUES ( ? , ? , ? )",
            waits: { CPU: 0.8, "IO:WALSync": 0.2 },
          },
          {
            sql: "SELECT balance FROM account_balances WHERE account_id = ? FOR UPDATE",
            waits: { CPU: 0.7 },
          },
          {
            sql: "UPDATE account_balances SET balance = balance - ? WHERE account_id = ?",
            waits: { CPU: 0.7, "IO:WALSync": 0.1 },
          },
          { sql: "SELECT * FROM mandates WHERE id = ?", waits: { CPU: 0.5 } },
          {
            sql: "SELECT * FROM transfers WHERE account_id = ? ORDER BY booked_at DESC LIMIT ?",
            waits: { CPU: 0.5, "IO:DataFileRead": 0.2 },
          },
        ],
        { payments: 4.3, backoffice: 0.6 },
      ),
      alarm: above("CPUUtilization", 60, [64.9, 66.2, 67.1], 22),
      way: "probe-failed",
    };
  },
});
