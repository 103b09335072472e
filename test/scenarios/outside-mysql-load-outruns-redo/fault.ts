import { calmRds } from "../support/outside/calm.ts";
import { moves, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { cutOff, inPart, notGranted } from "../support/outside/late-mysql.ts";
import {
  atWork,
  groupOf,
  nobodyWaits,
  ownGroup,
  ratesOf,
  serverOf,
} from "../support/outside/late-mysql-rows.ts";
import { poolOn, spread } from "../support/outside/mysql-queues.ts";

const id = "parcels-main";
const began = 21;
const gib = 1024 ** 3;
const handler = "wait/io/table/sql/handler";
const load = "INSERT INTO scan_events (parcel_id, depot_id, kind, scanned_at, raw) VALUES (...)";
const status = "UPDATE parcels SET state = ? , changed_at = ? WHERE id = ?";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A catch-up load writes more than a redo log of 2 GiB can turn over; every writer stands while pages are flushed",
  world: (dice) => {
    const age = dice.number(184, 188) / 100;
    const writers = 27;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.35",
          DBInstanceClass: "db.m6g.xlarge",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 4,
            memoryGib: 16,
            freeGib: 131,
            connections: 130,
            cpu: 31,
            iops: 1400,
          }),
        ),
        WriteIOPS: steps(840, 4350, began),
        WriteThroughput: steps(17.6e6, 112e6, began),
        WriteLatency: steps(0.0014, 0.0029, began),
        DiskQueueDepth: steps(1.5, 12.9, began),
        CPUUtilization: steps(31, 47, began),
        DatabaseConnections: steps(130, 147, began),
        DBLoad: steps(1.3, 28, began),
        DBLoadCPU: steps(1, 1.7, began),
        DBLoadNonCPU: steps(0.3, 26.3, began),
        FreeStorageSpace: moves(131 * gib, 118 * gib, began),
        BinLogDiskUsage: steps(2.1 * gib, 9.6 * gib, began),
      },
      events: [
        told(id, 96, "backup", "Creating manual snapshot"),
        told(id, 90, "backup", "Manual snapshot created"),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        {
          [handler]: 23.6,
          CPU: 1.7,
          "wait/io/file/innodb/innodb_data_file": 1.5,
          "wait/io/file/innodb/innodb_log_file": 0.8,
          "wait/io/file/sql/binlog": 0.4,
        },
        [
          { sql: load, waits: { [handler]: 12.8, CPU: 0.8, "wait/io/file/innodb/innodb_log_file": 0.4 } },
          { sql: status, waits: { [handler]: 7.4, CPU: 0.3, "wait/io/file/innodb/innodb_data_file": 0.6 } },
          { sql: "INSERT INTO `notifications` VALUES (...)", waits: { [handler]: 3.1, CPU: 0.1 } },
        ],
        { depot_catchup: 14.2, tracking_api: 13.4 },
      ),
      alarm: above("DBLoad", 12, [26.8, 28.9, 27.7], 16),
      way: "probe-failed",
      inPart: inPart({
        version: "8.0.35",
        major: 8,
        answers: {
          "mysql-server": [serverOf("8.0.35", 7_120_400, 1300)],
          "mysql-metadata-locks": [nobodyWaits],
          "mysql-row-locks": [nobodyWaits],
          "mysql-connections": [
            ...poolOn("tracking_api", { "10.4.18.23": 58, "10.4.33.9": 61 }, 1.9, 22),
            groupOf("depot_catchup", "10.4.40.11", "active", 14, [0.9, 3.1]),
            groupOf("tracking_api", "10.4.18.23", "active", writers - 14, [0.8, 2.7]),
            ownGroup,
          ],
          "mysql-sessions": spread(writers, 3.1, 0.2).map((seconds, n) =>
            n % 2 === 0
              ? atWork(310_440 + n, "depot_catchup", seconds, "update", load)
              : atWork(311_902 + n, "tracking_api", seconds, "updating", status),
          ),
          "mysql-wait-profile": notGranted("events_waits_current"),
          "mysql-statement-digests": notGranted("events_statements_summary_by_digest"),
          "mysql-innodb-rates": [
            ratesOf(7_120_401, {
              statementsPerSecond: 2100,
              commitsPerSecond: 340,
              logBytesPerSecond: 44_200_000,
              bufferPool: {
                bytes: 12 * gib,
                freePercent: 0.2,
                dirtyPercent: 31.4,
                hitPercent: 99.4,
                readRequestsPerSecond: 148_000,
                diskReadsPerSecond: 560,
                waitsForFreePagePerSecond: 0,
                pagesFlushedPerSecond: 3900,
              },
              threads: { running: writers + 2, connected: 147, connectedBefore: 147, maxUsed: 171 },
            }),
          ],
          "mysql-engine-state": [
            {
              intervalSeconds: 1.12,
              redo: {
                capacityBytes: 2 * gib,
                ageBytes: [Math.round(age * gib), Math.round((age + 0.004) * gib)],
                writtenPerSecond: 44_100_000,
                parameter: "innodb_redo_log_capacity",
                parameterBytes: 2 * gib,
              },
              ioCapacity: 200,
              adaptiveHashIndex: false,
              latches: [],
              autoIncrementWaits: [],
            },
          ],
        },
        rest: cutOff,
      }),
    };
  },
});
