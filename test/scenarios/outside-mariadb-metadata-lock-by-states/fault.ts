import { calmRds } from "../support/outside/calm.ts";
import { steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "crm-maria";
const waits = "Waiting for table metadata lock";

/** With performance_schema off Performance Insights shows the states of the threads (User Guide, USER_PerfInsights.EnableMySQL). */
export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "A migration waits for the customers table, everybody queues behind it, and Performance Insights has the threads' states only",
  world: (dice) => {
    const readers = dice.number(31, 38);
    return {
      instances: [
        instanceOf(id, { Engine: "mariadb", EngineVersion: "10.11.10", DBInstanceClass: "db.m5.large" }),
      ],
      metrics: {
        ...calmRds({
          engine: "mariadb",
          vcpus: 2,
          memoryGib: 8,
          freeGib: 88,
          connections: 92,
          cpu: 28,
          iops: 260,
        }),
        CPUUtilization: steps(28, 9, 16),
        DatabaseConnections: steps(92, 169, 13),
        ReadIOPS: steps(104, 31, 16),
        WriteIOPS: steps(156, 74, 16),
        DBLoad: steps(0.6, readers + 30.6, 16),
        DBLoadCPU: usual(0.2),
        DBLoadNonCPU: steps(0.4, readers + 30.4, 16),
        NetworkTransmitThroughput: steps(2.9e6, 0.7e6, 16),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { [waits]: readers + 29.3, "Sending data": 0.8, Updating: 0.3, "Sorting result": 0.2 },
        [
          { sql: "SELECT * FROM customers WHERE email = ?", waits: { [waits]: readers } },
          { sql: "SELECT id, name, tier FROM customers WHERE id = ?", waits: { [waits]: 22.1 } },
          { sql: "UPDATE customers SET last_seen = ? WHERE id = ?", waits: { [waits]: 6.2 } },
          { sql: "ALTER TABLE customers ADD COLUMN consent_at DATETIME NULL", waits: { [waits]: 1 } },
          {
            sql: "SELECT o.id, o.total FROM offers o WHERE o.owner_id = ? ORDER BY o.created_at DESC",
            waits: { "Sending data": 0.8, "Sorting result": 0.2 },
          },
        ],
        { crm_web: readers + 28.3, crm_migrate: 1, crm_sync: 1.3 },
      ),
      alarm: above("DatabaseConnections", 150, [166, 168, 169], 10, "Maximum"),
      way: "probe-failed",
    };
  },
});
