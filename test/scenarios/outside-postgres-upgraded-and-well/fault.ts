import { calmRds } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "ledger-db";

const calm = calmRds({
  engine: "postgres",
  vcpus: 4,
  memoryGib: 32,
  freeGib: 96,
  connections: 120,
  cpu: 31,
  iops: 640,
});

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Upgraded to a new major version and analyzed: the cache fills, the CPU has a little more to do, nobody suffers",
  world: (dice) => {
    const up = dice.number(38, 52);
    const load = 1.9;
    return {
      instances: [
        instanceOf(id, { Engine: "postgres", EngineVersion: "16.8", DBInstanceClass: "db.r6g.xlarge" }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: steps(31, 47, up),
        DBLoad: steps(1.3, 1.9, up),
        DBLoadCPU: steps(1, 1.5, up),
        DBLoadNonCPU: steps(0.3, 0.4, up),
        ReadIOPS: steps(256, 610, up),
        MaximumUsedTransactionIDs: steps(214e6, 41e6, up),
      },
      events: [
        told(id, up + 16, "maintenance", "The pre-check started for the DB engine version upgrade."),
        told(id, up + 13, "maintenance", "The pre-check finished for the DB engine version upgrade."),
        told(id, up + 11, "maintenance", "The downtime started for the DB instance."),
        told(id, up + 10, "maintenance", "The engine version upgrade started."),
        told(id, up + 2, "maintenance", "The engine version upgrade finished."),
        told(id, up + 1, "maintenance", "The post-upgrade tasks are in progress."),
        told(id, up, "availability", "DB instance restarted"),
        told(id, up - 6, "backup", "Finished DB Instance backup"),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(up + 18).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "release-pipeline",
          detail: `dBInstanceIdentifier=${id}, engineVersion=16.8, allowMajorVersionUpgrade=true, applyImmediately=true`,
          error: null,
        },
      ],
      load: loadOf(
        { CPU: load * 0.9, "IO:DataFileRead": load * 0.07, "LWLock:BufferMapping": load * 0.02 },
        [
          {
            sql: "SELECT r.id, r.price FROM rooms r JOIN rates t ON t.room_id = r.id WHERE r.hotel_id = ? AND t.day BETWEEN ? AND ?",
            waits: { CPU: load * 0.31 },
          },
          {
            sql: "SELECT b.id FROM bookings b JOIN guests g ON g.id = b.guest_id WHERE g.email = ?",
            waits: { CPU: load * 0.27, "IO:DataFileRead": load * 0.04 },
          },
          {
            sql: "SELECT count(*) FROM bookings WHERE hotel_id = ? AND state = ?",
            waits: { CPU: load * 0.22 },
          },
          { sql: "SELECT h.id, h.name FROM hotels h WHERE h.region_id = ?", waits: { CPU: load * 0.1 } },
        ],
        { web: load * 0.83, partner_api: load * 0.16 },
      ),
      alarm: above("CPUUtilization", 45, [46.2, 47.1, 47.4], up - 5),
      way: "probe-failed",
    };
  },
});
