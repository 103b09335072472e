import { calmRds } from "../support/outside/calm.ts";
import { even, steps, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const id = "community-db";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "A campaign asks 900 IOPS of a gp2 volume of 100 GiB; after two and a half hours its burst credits are gone and it gives 300",
  world: (dice) => {
    const empty = dice.number(20, 24);
    const began = empty + 150;
    const calm = withDays(
      calmRds({
        engine: "mariadb",
        vcpus: 2,
        memoryGib: 8,
        freeGib: 38,
        connections: 74,
        cpu: 27,
        iops: 240,
      }),
    );
    const then = (before: number, busy: number, now: number) => {
      const morning = steps(before, busy, began);
      return turns(morning, empty, now);
    };
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.9",
          DBInstanceClass: "db.m6g.large",
          AllocatedStorage: 100,
          StorageType: "gp2",
          Iops: undefined,
          StorageThroughput: undefined,
        }),
      ],
      metrics: {
        ...calm,
        // 5.4 million credits, 600 a second more than come in: 150 minutes.
        BurstBalance: even(between(began, empty, 100, 0)),
        ReadIOPS: even(then(96, 410, 121)),
        WriteIOPS: even(then(144, 490, 179)),
        ReadThroughput: then(1.7e6, 7.4e6, 2.2e6),
        WriteThroughput: then(3.0e6, 10.3e6, 3.8e6),
        ReadLatency: then(0.0008, 0.0011, 0.058),
        WriteLatency: then(0.0014, 0.0019, 0.066),
        DiskQueueDepth: then(0.3, 1.4, 19),
        CPUUtilization: then(27, 46, 19),
        DatabaseConnections: then(74, 112, 187),
        DBLoad: then(0.6, 1.6, 21),
        DBLoadCPU: then(0.4, 0.9, 0.4),
        DBLoadNonCPU: then(0.2, 0.7, 20.6),
        FreeableMemory: usual(1.6 * 1024 ** 3),
      },
      events: [
        told(
          id,
          empty + 28,
          "notification",
          "The gp2 burst balance credits for the RDS database instance are low. To resolve this issue, reduce IOPS usage or modify your storage settings to enable higher performance.",
        ),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        {
          "wait/io/file/innodb/innodb_data_file": 12.4,
          "wait/io/file/innodb/innodb_log_file": 6.1,
          CPU: 0.4,
        },
        [
          {
            sql: "INSERT INTO pulses (author_id, body, created_at) VALUES (?, ?, ?)",
            waits: {
              "wait/io/file/innodb/innodb_log_file": 4.4,
              "wait/io/file/innodb/innodb_data_file": 1.2,
            },
          },
          {
            sql: "SELECT * FROM messages WHERE room_id = ? ORDER BY id DESC LIMIT ?",
            waits: { "wait/io/file/innodb/innodb_data_file": 6.8, CPU: 0.2 },
          },
        ],
        { community: 18.9 },
      ),
      changes: [],
      alarm: above("WriteLatency", 0.03, [0.061, 0.068, 0.064], empty - 4),
      alsoAlarms: [above("DiskQueueDepth", 10, [18.2, 19.6, 18.8], empty - 5)],
      way: "probe-failed",
    };
  },
});
