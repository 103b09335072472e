import { calmRds } from "../support/outside/calm.ts";
import { steps, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { slowLog } from "../support/outside/mysql-log.ts";

const id = "parcels-prod";
const lookup =
  "SELECT s.id, s.state, s.carrier_id, s.updated_at FROM shipments s WHERE s.tracking_ref = 'RB8841{n}CH' ORDER BY s.updated_at DESC LIMIT 1";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A release of 38 minutes ago looks shipments up by tracking_ref, which has no index: each call reads 3.1 million rows from memory, and the CPU is full",
  world: (dice) => {
    const since = dice.number(36, 40);
    const before = withDays(
      calmRds({
        engine: "mysql",
        vcpus: 4,
        memoryGib: 32,
        freeGib: 171,
        connections: 118,
        cpu: 34,
        iops: 640,
      }),
    );
    const calls = Array.from({ length: 14 }, (_, index) => ({
      minutes: 9 - index * 0.6,
      user: "parcels_api",
      host: index % 2 === 0 ? "10.4.18.23" : "10.4.33.9",
      thread: 771_200 + index * 3,
      seconds: 4.1 + (index % 5) * 0.7,
      sent: 1,
      examined: 3_118_402 + index * 11,
      sql: lookup.replace("{n}", String(100 + index * 7)),
    }));
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.r6g.xlarge",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...before,
        CPUUtilization: turns(before["CPUUtilization"] ?? usual(34), since, 98.6),
        DatabaseConnections: turns(before["DatabaseConnections"] ?? usual(118), since - 2, 197),
        DBLoad: steps(1.4, 27.4, since),
        DBLoadCPU: steps(1.05, 24.6, since),
        DBLoadNonCPU: steps(0.3, 2.8, since),
      },
      events: nightlyBackup(id),
      load: loadOf(
        {
          CPU: 24.6,
          "wait/io/table/sql/handler": 2.3,
          "wait/io/redo_log_flush": 0.3,
          "wait/io/socket/sql/client_connection": 0.2,
        },
        [
          {
            sql: "SELECT `s` . `id` , `s` . `state` , `s` . `carrier_id` , `s` . `updated_at` FROM `shipments` `s` WHERE `s` . `tracking_ref` = ? ORDER BY `s` . `updated_at` DESC LIMIT ?",
            waits: { CPU: 22.9, "wait/io/table/sql/handler": 2.1 },
          },
          { sql: "SELECT * FROM `carriers` WHERE `id` = ?", waits: { CPU: 0.6 } },
          {
            sql: "UPDATE `shipments` SET `state` = ? , `updated_at` = ? WHERE `id` = ?",
            waits: { CPU: 0.5, "wait/io/redo_log_flush": 0.3 },
          },
          { sql: "SELECT * FROM `labels` WHERE `shipment_id` = ?", waits: { CPU: 0.4 } },
        ],
        { parcels_api: 26.1, labels: 1.1 },
      ),
      logs: [slowLog(calls, 1)],
      changes: [
        {
          at: ago(60 * 24 * 3).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform",
          detail: `dBInstanceIdentifier=${id}, backupRetentionPeriod=14, applyImmediately=true`,
          error: null,
        },
      ],
      alarm: above("CPUUtilization", 85, [97.9, 98.8, 98.4], since - 4),
      way: "probe-failed",
    };
  },
});
