import { calmRds } from "../support/outside/calm.ts";
import { even, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { slotRefused } from "../support/outside/late-mysql-more.ts";
import { between } from "../support/outside/recurring.ts";

const id = "bookings-eu";
const group = "bookings-eu-params";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Somebody set max_connections to 200 where 262 are usual; since the pools renewed theirs every slot is taken and the responder is refused too",
  world: (dice) => {
    const set = dice.number(40, 43);
    const full = set - 19;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.m6i.large",
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({ engine: "mysql", vcpus: 2, memoryGib: 8, connections: 262, cpu: 33, iops: 310 }),
        ),
        // Pools close what is half an hour old; what they open anew is refused from 200 on.
        DatabaseConnections: even(between(set, full, 262, 200)),
        ConnectionAttempts: steps(14, 388, full),
        CPUUtilization: steps(33, 26, full),
        NetworkTransmitThroughput: steps(8.1e6, 5.4e6, full),
        NetworkReceiveThroughput: steps(2.4e6, 1.7e6, full),
        WriteIOPS: steps(186, 131, full),
        ReadIOPS: steps(124, 96, full),
        DBLoad: steps(0.9, 0.7, full),
        DBLoadCPU: steps(0.7, 0.5, full),
        DBLoadNonCPU: steps(0.2, 0.2, full),
      },
      events: [
        told(
          group,
          set,
          "configuration change",
          "Updated parameter max_connections to 200 with apply method immediate",
          "parameter-group",
        ),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(set + 0.3).toISOString(),
          source: "cloudtrail",
          subject: group,
          what: "ModifyDBParameterGroup",
          by: "r.haddad",
          detail: `dBParameterGroupName=${group}, max_connections=200`,
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 0.5, "io/table/sql/handler": 0.1, "io/file/innodb/innodb_log_file": 0.1 },
        [
          { sql: "SELECT * FROM `rooms` WHERE `hotel_id` = ? AND `free_on` = ?", waits: { CPU: 0.2 } },
          {
            sql: "INSERT INTO `bookings` VALUES (...)",
            waits: { CPU: 0.1, "io/file/innodb/innodb_log_file": 0.1 },
          },
        ],
        { booking_web: 0.4, channel_sync: 0.2, mailer: 0.1 },
      ),
      alarm: above("ConnectionAttempts", 120, [361, 394, 402], full - 3),
      alsoAlarms: [
        below("NetworkTransmitThroughput", 6_000_000, [5_410_000, 5_290_000, 5_380_000], full - 6),
      ],
      way: "refused",
      inPart: slotRefused,
    };
  },
});
