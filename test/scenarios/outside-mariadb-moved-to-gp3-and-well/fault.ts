import { calmRds } from "../support/outside/calm.ts";
import { during, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "parcels-db";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "The volume was moved from gp2 to gp3; while it was being optimized reads took longer, and that has ended half an hour ago",
  world: (dice) => {
    const done = dice.number(27, 32);
    const began = done + 232;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "11.4.5",
          DBInstanceClass: "db.m6g.xlarge",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mariadb",
            vcpus: 4,
            memoryGib: 16,
            freeGib: 235,
            connections: 104,
            cpu: 31,
            iops: 760,
          }),
        ),
        ReadLatency: during(began, done, 0.0062, 0.0007),
        WriteLatency: during(began, done, 0.0071, 0.0015),
        DiskQueueDepth: during(began, done, 5, 0.9),
        BurstBalance: (minutes) => (minutes > began ? 97 : null),
      },
      events: [
        told(id, began, "configuration change", "Finished applying modification to storage type."),
        told(id, began + 4, "configuration change", "Applying modification to storage type."),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(began + 5).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "s.varga",
          detail: `dBInstanceIdentifier=${id}, storageType=gp3, iops=12000, storageThroughput=500, applyImmediately=true`,
          error: null,
          before: { storageType: "gp2" },
        },
      ],
      load: loadOf(
        { CPU: 0.9, "wait/io/file/innodb/innodb_data_file": 0.2 },
        [{ sql: "SELECT * FROM `parcels` WHERE `code` = ?", waits: { CPU: 0.5 } }],
        { parcels_api: 1.1 },
      ),
      alarm: { ...above("ReadLatency", 0.005, [0.0061, 0.0064, 0.0062], done + 34), state: "OK" },
      way: "probe-failed",
    };
  },
});
