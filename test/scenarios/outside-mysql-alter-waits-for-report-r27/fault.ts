import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const [writer, reader] = ["rooms-db-1", "rooms-db-2"];
const like = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.04.2",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "rooms-db",
};
const mdl = "wait/synch/cond/sql/MDL_context::COND_wait_status";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The deploy's ALTER TABLE bookings waits for a report that reads bookings, and every other statement on bookings waits behind the ALTER",
  world: (dice) => {
    const since = dice.number(8, 10);
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, like)],
      cluster: clusterOf("rooms-db", [writer, reader], {
        Engine: "aurora-mysql",
        EngineVersion: like.EngineVersion,
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 122, cpu: 33, iops: 380 }),
        ),
        ...calmReader(reader, 32),
        DBLoad: steps(1.3, 131, since),
        DBLoadNonCPU: steps(0.3, 129.4, since),
        DBLoadCPU: steps(1, 1.4, since),
        CPUUtilization: turns(usual(33), since, 29),
        DatabaseConnections: steps(122, 318, since),
        Queries: turns(usual(1900), since, 640),
        CommitThroughput: turns(usual(210), since, 44),
        ConnectionAttempts: steps(4, 29, since),
      },
      events: [],
      load: loadOf(
        { [mdl]: 129, CPU: 1.4, "wait/io/table/sql/handler": 0.4 },
        [
          {
            sql: "SELECT * FROM `bookings` WHERE `room_id` = ? AND `checkin` < ? AND `checkout` > ?",
            waits: { [mdl]: 81 },
          },
          {
            sql: "INSERT INTO `bookings` ( `room_id` , `guest_id` , `checkin` , `checkout` , `status` ) VALUES (...)",
            waits: { [mdl]: 31 },
          },
          { sql: "UPDATE `bookings` SET `status` = ? WHERE `id` = ?", waits: { [mdl]: 16 } },
          {
            sql: "ALTER TABLE `bookings` ADD COLUMN `loyalty_tier` TINYINT NOT NULL DEFAULT ?",
            waits: { [mdl]: 1 },
          },
          {
            sql: "SELECT `b` . `hotel_id` , `g` . `country` , SUM ( `b` . `total` ) FROM `bookings` `b` JOIN `guests` `g` ON `g` . `id` = `b` . `guest_id` GROUP BY `b` . `hotel_id` , `g` . `country`",
            waits: { CPU: 0.7, "wait/io/table/sql/handler": 0.3 },
          },
        ],
        { rooms_web: 128, rooms_migrate: 1, finance_ro: 1 },
      ),
      logs: [
        mysqlErrorLog(
          [
            mysqlErrorLine(
              340,
              0,
              "[Warning] [MY-010055] [Server] IP address '10.4.33.9' could not be resolved: Name or service not known",
            ),
          ],
          340,
        ),
      ],
      changes: [
        {
          at: ago(60 * 30).toISOString(),
          source: "cloudtrail",
          subject: "rooms-db",
          what: "CreateDBClusterSnapshot",
          by: "deploy",
          detail: "dBClusterSnapshotIdentifier=rooms-db-before-release, dBClusterIdentifier=rooms-db",
          error: null,
        },
      ],
      alarm: above("DatabaseConnections", 250, [262, 291, 312], since - 3),
      alsoAlarms: [above("DBLoad", 16, [88.1, 117, 129], since - 3)],
      way: "probe-failed",
    };
  },
});
