import { calmRds } from "../support/outside/calm.ts";
import { during, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "helpdesk-db";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "An upgrade to 8.4 was asked for and refused by its checks, which read every table for five minutes; it goes on as 8.0, and well",
  world: (dice) => {
    const from = dice.number(21, 23);
    const to = from - 5;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.m6g.xlarge",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 4,
            memoryGib: 16,
            freeGib: 180,
            connections: 88,
            cpu: 28,
            iops: 500,
          }),
        ),
        ReadIOPS: during(from, to, 3200, 200),
        ReadThroughput: during(from, to, 96e6, 3.6e6),
        CPUUtilization: during(from, to, 44, 28),
      },
      events: [
        told(
          id,
          to,
          "maintenance",
          "DB instance is in a state that cannot be upgraded: Unable to upgrade from version 8.0.40 to 8.4.5 because pre-upgrade checks have failed. Check PrePatchCompatibility.log for more details.",
        ),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(from + 1).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "k.brandt",
          detail: `dBInstanceIdentifier=${id}, engineVersion=8.4.5, allowMajorVersionUpgrade=true, applyImmediately=true`,
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 0.8, "wait/io/file/innodb/innodb_log_file": 0.2 },
        [{ sql: "SELECT * FROM `tickets` WHERE `id` = ?", waits: { CPU: 0.4 } }],
        { helpdesk: 1 },
      ),
      alarm: { ...above("ReadIOPS", 2500, [3170, 3240, 3190], from - 3), state: "OK" },
      way: "probe-failed",
    };
  },
});
