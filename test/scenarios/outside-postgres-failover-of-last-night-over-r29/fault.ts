import { calmRds } from "../support/outside/calm.ts";
import { usual } from "../support/outside/curves.ts";
import { daysApart } from "../support/outside/days-apart.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "members-pg";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Healthy: the failover of nine hours ago is long over; the alarm on connections stands at 200 of some 1,700, and 206 are usual at this hour",
  world: (dice) => {
    const at = dice.number(530, 560);
    const now = dice.number(205, 207);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.6",
          DBInstanceClass: "db.m6g.xlarge",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
          AvailabilityZone: "eu-central-1c",
          SecondaryAvailabilityZone: "eu-central-1a",
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 16,
          freeGib: 222,
          connections: 204,
          cpu: 33,
          iops: 640,
        }),
        DatabaseConnections: daysApart(usual(now), 203, 201),
      },
      events: [
        told(id, at - 2, "failover", "Multi-AZ instance failover completed"),
        told(id, at - 1, "availability", "DB instance restarted"),
        told(id, at, "failover", "Multi-AZ instance failover started"),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { CPU: 1.0, "IO:DataFileRead": 0.2, "IO:WALSync": 0.1 },
        [
          { sql: "SELECT * FROM members WHERE email = $1", waits: { CPU: 0.6, "IO:DataFileRead": 0.2 } },
          {
            sql: "UPDATE sessions SET seen_at = $1 WHERE token = $2",
            waits: { CPU: 0.3, "IO:WALSync": 0.1 },
          },
        ],
        { members_api: 1.2, cms: 0.1 },
      ),
      alarm: above("DatabaseConnections", 200, [204, 206, 205], 17),
      way: "probe-failed",
    };
  },
});
