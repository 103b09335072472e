import { calmRds } from "../support/outside/calm.ts";
import { gapped, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const gib = 1024 ** 3;
const id = "booking-db";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A planned change of class two and a half hours ago, with the failover that goes with it; its cold cache set off an alarm that is over",
  world: (dice) => {
    const done = dice.number(148, 156);
    const over = done + 5;
    const calm = withDays(
      calmRds({
        engine: "mysql",
        vcpus: 4,
        memoryGib: 32,
        freeGib: 170,
        connections: 132,
        cpu: 23,
        iops: 560,
      }),
    );
    const warms = (settled: number, cold: number) => (minutes: number) =>
      minutes > over
        ? (usual(settled)(minutes) ?? 0)
        : (between(over, over - 25, cold, settled)(minutes) ?? 0);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: true,
          AvailabilityZone: "eu-central-1c",
          SecondaryAvailabilityZone: "eu-central-1a",
          AllocatedStorage: 300,
          DBName: "booking",
        }),
      ],
      metrics: gapped(
        {
          ...calm,
          CPUUtilization: (minutes) => (minutes > over ? (usual(46)(minutes) ?? 0) : 23),
          FreeableMemory: (minutes) => (minutes > over ? 3.2 * gib : 7.4 * gib),
          ReadIOPS: warms(224, 2600),
          ReadLatency: warms(0.0007, 0.009),
        },
        over + 1,
        over,
      ),
      events: [
        told(id, over + 14, "configuration change", "Applying modification to database instance class"),
        told(id, over + 2, "failover", "Multi-AZ instance failover started"),
        told(id, over + 1, "availability", "DB instance restarted"),
        told(id, over, "failover", "Multi-AZ instance failover completed"),
        told(id, done, "configuration change", "Finished applying modification to DB instance class"),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { CPU: 0.8, "wait/io/file/innodb/innodb_data_file": 0.1 },
        [{ sql: "SELECT * FROM `slots` WHERE `venue_id` = ? AND `day` = ?", waits: { CPU: 0.3 } }],
        { booking: 0.9 },
      ),
      changes: [
        {
          at: ago(over + 16).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform",
          detail: `dBInstanceIdentifier=${id}, dBInstanceClass=db.r6g.xlarge, applyImmediately=true`,
          error: null,
          before: { dBInstanceClass: "db.r6g.large" },
        },
      ],
      alarm: { ...above("ReadLatency", 0.005, [0.0089, 0.0086, 0.0082], over - 4), state: "OK" },
      way: "probe-failed",
    };
  },
});
