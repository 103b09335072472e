import { calmRds } from "../support/outside/calm.ts";
import { usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const gib = 1024 ** 3;
const id = "erp-stock";
const kept = 3.1;

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "For a migration task binlog retention was raised to a week three days ago: 71 GiB of binary logs a day stay, and the volume is nearly full",
  world: (dice) => {
    const now = dice.number(219, 223);
    const before = 1.2;
    const aDay = (now - before) / kept;
    const grownBy = (minutesAgo: number) => Math.max(0, now - before - (aDay * minutesAgo) / 1440);
    const calm = withDays(
      calmRds({ engine: "mariadb", vcpus: 2, memoryGib: 16, connections: 88, cpu: 38, iops: 900 }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.6.19",
          DBInstanceClass: "db.r5.large",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          DBName: "stock",
        }),
      ],
      metrics: {
        ...calm,
        BinLogDiskUsage: (minutesAgo) => (before + grownBy(minutesAgo)) * gib,
        FreeStorageSpace: (minutesAgo) => (58 + (now - before - grownBy(minutesAgo))) * gib,
        WriteThroughput: usual(4.1e6),
      },
      events: [...nightlyBackup(id)],
      load: loadOf(
        { CPU: 0.6, "wait/io/file/sql/binlog": 0.1 },
        [
          {
            sql: "UPDATE `stock_levels` SET `quantity` = ? WHERE `sku` = ? AND `site` = ?",
            waits: { CPU: 0.2 },
          },
        ],
        { erp: 0.6, dms_repl: 0.1 },
      ),
      changes: [
        {
          at: ago(60 * 22).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "h.brandt",
          detail: `dBInstanceIdentifier=${id}, monitoringInterval=60, applyImmediately=true`,
          error: null,
        },
      ],
      alarm: below("FreeStorageSpace", 60 * gib, [64_370_000_000, 64_317_000_000, 64_264_000_000], 38),
      way: "probe-failed",
    };
  },
});
