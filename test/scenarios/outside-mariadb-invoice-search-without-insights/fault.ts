import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { deadlineOfAll, inPart, notRecorded } from "../support/outside/late-mysql.ts";
import { atWork, groupOf, nobodyWaits, ownGroup, serverOf } from "../support/outside/late-mysql-rows.ts";

const id = "backoffice-db";
const search =
  "SELECT i.id, i.number, i.issued_on, i.total, c.name FROM invoices i JOIN customers c ON c.id = i.customer_id WHERE i.reference LIKE ? OR c.name LIKE ? ORDER BY i.issued_on DESC LIMIT ?";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "One search over all invoices takes both vCPUs; there is no Performance Insights and no performance_schema, and the probes get no further than the sessions",
  world: (dice) => {
    const searching = dice.number(36, 40);
    const sessions = Array.from({ length: searching }, (_, n) =>
      atWork(88_100 + n * 7, "invoice_app", 0.7 + n * 0.93, "Sending data", search),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.9",
          DBInstanceClass: "db.m5.large",
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({
            engine: "mariadb",
            vcpus: 2,
            memoryGib: 8,
            freeGib: 118,
            connections: 84,
            cpu: 34,
            iops: 260,
          }),
        ),
        CPUUtilization: steps(34, 98.6, 26),
        DatabaseConnections: steps(84, 84 + searching + 6, 24),
        NetworkTransmitThroughput: steps(2.6e6, 1.5e6, 26),
        WriteIOPS: steps(156, 92, 26),
      }),
      events: nightlyBackup(id),
      load: null,
      alarm: above("CPUUtilization", 85, [98.1, 98.9, 98.4, 98.8, 98.7], 20),
      way: "probe-failed",
      inPart: inPart({
        version: "10.11.9-MariaDB-log",
        major: 10.11,
        signInMs: 2410,
        answers: {
          "mysql-server": [serverOf("10.11.9-MariaDB-log", 3_870_211, 315)],
          "mysql-metadata-locks": notRecorded,
          "mysql-connections": [
            groupOf("invoice_app", "10.4.18.23", "active", searching, [16.8, 35.4]),
            groupOf("invoice_app", "10.4.18.23", "idle", 41, [3.1, 44]),
            groupOf("portal", "10.4.33.9", "idle", 39, [7.4, 61]),
            groupOf("portal", "10.4.33.9", "active", 5, [0.6, 2.2]),
            groupOf("worker", "10.4.33.12", "idle", 6, [21, 180]),
            ownGroup,
          ],
          "mysql-sessions": [
            ...sessions.toReversed(),
            atWork(88_911, "portal", 2.2, "Sending data", "SELECT * FROM customers WHERE id = ?"),
            atWork(88_917, "portal", 0.9, "Statistics", "SELECT * FROM contacts WHERE customer_id = ?"),
            atWork(88_930, "portal", 0.6, "Sending data", "SELECT * FROM customers WHERE id = ?"),
          ],
          "mariadb-row-locks": [nobodyWaits],
        },
        rest: deadlineOfAll,
      }),
    };
  },
});
