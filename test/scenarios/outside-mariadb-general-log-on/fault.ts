import { calmRds } from "../support/outside/calm.ts";
import { moves, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const gib = 1024 ** 3;
const mib = 1024 ** 2;
const id = "booking-core";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "Somebody switched the general log on to debug and forgot it: it fills the volume, binlogs are as ever",
  world: (dice) => {
    const hours = dice.number(4, 6);
    const left = dice.number(9, 13);
    const minutes = hours * 60;
    return {
      instances: [
        instanceOf(id, { Engine: "mariadb", EngineVersion: "10.11.11", DBInstanceClass: "db.m6g.xlarge" }),
      ],
      metrics: {
        ...calmRds({
          engine: "mariadb",
          vcpus: 4,
          memoryGib: 16,
          freeGib: 84,
          connections: 140,
          cpu: 38,
          iops: 700,
        }),
        FreeStorageSpace: moves(84 * gib, left * gib, minutes),
        BinLogDiskUsage: usual(420 * mib),
        WriteThroughput: steps(8.8e6, 14.1e6, minutes),
        WriteIOPS: steps(420, 560, minutes),
        CPUUtilization: steps(38, 44, minutes),
      },
      events: [
        told(
          `${id}-params`,
          minutes + 1,
          "configuration change",
          "Updated parameter general_log to 1 with apply method immediate",
          "parameter-group",
        ),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: new Date(Date.now() - (minutes + 1) * 60_000).toISOString(),
          source: "cloudtrail",
          subject: `${id}-params`,
          what: "ModifyDBParameterGroup",
          by: "arn:aws:sts::123456789012:assumed-role/developer/mk",
          detail: "general_log = 1 (immediate)",
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 1.5, "io/file/csv/data": 0.3, "io/table/sql/handler": 0.2 },
        [
          { sql: "SELECT * FROM `seats` WHERE `flight_id` = ?", waits: { CPU: 0.6 } },
          { sql: "INSERT INTO `bookings` ( `seat_id` , `guest_id` ) VALUES (...)", waits: { CPU: 0.4 } },
        ],
        { web: 1.7 },
      ),
      alarm: below(
        "FreeStorageSpace",
        20 * gib,
        [(left + 1) * gib, (left + 0.6) * gib, (left + 0.3) * gib],
        3,
      ),
      way: "probe-failed",
    };
  },
});
