import { calmRds } from "../support/outside/calm.ts";
import { withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const gib = 1024 ** 3;
const id = "bookings-db";

export const scenario = defineOutside({
  engine: "mysql",
  title: "Storage ran low, autoscaling has grown the volume two hours ago, and the alarm is back",
  world: (dice) => {
    const free = dice.number(65, 67);
    const low = (ago: number) => free - 50 + Math.min(10, (ago - 141) * 0.12) + ago / 288;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.41",
          DBInstanceClass: "db.m6g.xlarge",
          DBInstanceStatus: "storage-optimization",
          MultiAZ: true,
          AllocatedStorage: 250,
          MaxAllocatedStorage: 1000,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({ engine: "mysql", vcpus: 4, memoryGib: 16, connections: 160, cpu: 33, iops: 560 }),
        ),
        // An import of some 7 GiB an hour is over: by it autoscaling reckoned 50 GiB for the next seven hours.
        FreeStorageSpace: (ago) => (ago > 141 ? low(ago) : free + ago / 288) * gib,
      },
      events: [
        told(
          id,
          141,
          "configuration change",
          "Finished applying autoscaling-initiated modification to allocated storage.",
        ),
        told(
          id,
          158,
          "configuration change",
          "Applying autoscaling-initiated modification to allocated storage.",
        ),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { CPU: 1.1, "wait/io/table/sql/handler": 0.2, "wait/io/file/sql/binlog": 0.1 },
        [
          {
            sql: "SELECT * FROM `bookings` WHERE `reference` = ?",
            waits: { CPU: 0.5, "wait/io/table/sql/handler": 0.1 },
          },
          {
            sql: "INSERT INTO `booking_events` ( `booking_id` , `kind` , `at` ) VALUES (...)",
            waits: { CPU: 0.2, "wait/io/file/sql/binlog": 0.1 },
          },
          { sql: "SELECT `seat` FROM `allotments` WHERE `trip_id` = ?", waits: { CPU: 0.3 } },
        ],
        { booking_api: 1.2, back_office: 0.2 },
      ),
      alarm: {
        ...below("FreeStorageSpace", 21_474_836_480, [low(165) * gib, low(164) * gib], 164, "Minimum"),
        state: "OK",
      },
      way: "probe-failed",
    };
  },
});
