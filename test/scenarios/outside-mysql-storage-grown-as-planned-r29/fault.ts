import { calmRds } from "../support/outside/calm.ts";
import { withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const gib = 1024 ** 3;
const id = "catalog-mysql";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Healthy: the volume was grown from 500 to 800 GiB as planned and is being optimized; writes took 6 ms for some minutes an hour ago, and are well since",
  world: (dice) => {
    const grown = dice.number(150, 160);
    const slow = dice.number(58, 62);
    const before = withDays(
      calmRds({
        engine: "mysql",
        vcpus: 4,
        memoryGib: 32,
        freeGib: 412,
        connections: 121,
        cpu: 30,
        iops: 700,
      }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.4.5",
          DBInstanceClass: "db.r6g.xlarge",
          DBInstanceStatus: "storage-optimization",
          AllocatedStorage: 800,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...before,
        FreeStorageSpace: (back) => (back > grown ? 116 : 412) * gib,
        WriteLatency: (back) => (back <= slow + 5 && back > slow ? 0.0062 : 0.0016),
        ReadLatency: (back) => (back <= slow + 5 && back > slow ? 0.0021 : 0.0008),
      },
      events: [
        told(id, grown, "configuration change", "Finished applying modification to allocated storage"),
        told(id, grown + 6, "configuration change", "Applying modification to allocated storage"),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { CPU: 0.9, "wait/io/table/sql/handler": 0.1, "wait/io/redo_log_flush": 0.1 },
        [
          {
            sql: "SELECT * FROM `articles` WHERE `slug` = ?",
            waits: { CPU: 0.6, "wait/io/table/sql/handler": 0.1 },
          },
          {
            sql: "UPDATE `article_views` SET `views` = `views` + ? WHERE `article_id` = ?",
            waits: { CPU: 0.2, "wait/io/redo_log_flush": 0.1 },
          },
        ],
        { catalog: 1, cms: 0.1 },
      ),
      changes: [
        {
          at: ago(grown + 8).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform",
          detail: `dBInstanceIdentifier=${id}, allocatedStorage=800, iops=12000, applyImmediately=true`,
          error: null,
          before: { allocatedStorage: "500" },
        },
      ],
      alarm: { ...above("WriteLatency", 0.005, [0.0061, 0.0064, 0.006], slow + 1), state: "OK" },
      way: "probe-failed",
    };
  },
});
