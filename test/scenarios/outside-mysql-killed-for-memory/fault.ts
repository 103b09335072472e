import { calmRds } from "../support/outside/calm.ts";
import { moves, until, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const gib = 1024 ** 3;
const mib = 1024 ** 2;
const id = "sessions-prod";

export const scenario = defineOutside({
  engine: "mysql",
  title: "Memory ran out, the server process was killed and has come up again three minutes ago",
  world: (dice) => {
    const clients = dice.number(380, 460);
    const back = (before: number, after: number) => (ago: number) =>
      ago < 5 ? after : moves(before, before, 1)(ago);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.41",
          DBInstanceClass: "db.r6g.large",
          MultiAZ: true,
          SecondaryAvailabilityZone: "eu-central-1a",
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "mysql",
          vcpus: 2,
          memoryGib: 16,
          freeGib: 130,
          connections: 190,
          cpu: 34,
          iops: 420,
        }),
        // Down to nothing in 12 minutes, and most of it free again since the buffer pool is cold.
        FreeableMemory: (ago) =>
          ago > 18 ? usual(2.4 * gib)(ago) : ago >= 5 ? moves(2.4 * gib, 61 * mib, 13)(ago - 5) : 9.8 * gib,
        SwapUsage: (ago) =>
          ago > 18 ? usual(8 * mib)(ago) : ago >= 5 ? moves(8 * mib, 2.9 * gib, 13)(ago - 5) : 110 * mib,
        DatabaseConnections: (ago) =>
          ago > 18
            ? usual(190)(ago)
            : ago >= 5
              ? moves(190, clients, 13)(ago - 5)
              : ago >= 3
                ? 0
                : clients * 0.8,
        CPUUtilization: (ago) => (ago > 8 ? usual(34)(ago) : ago >= 5 ? 71 : 44),
        ReadIOPS: back(170, 1650),
        ReadLatency: back(0.0007, 0.0011),
        DBLoad: (ago) => (ago > 8 ? usual(1.1)(ago) : ago >= 5 ? 9 : ago >= 3 ? null : 3.8),
        DBLoadCPU: (ago) => (ago > 8 ? usual(0.7)(ago) : ago >= 5 ? 1.9 : ago >= 3 ? null : 1.1),
        DBLoadNonCPU: (ago) => (ago > 8 ? usual(0.4)(ago) : ago >= 5 ? 7.1 : ago >= 3 ? null : 2.7),
        BinLogDiskUsage: until(0, usual(310 * mib)),
      },
      events: [
        told(id, 2.6, "recovery", "Recovery of the DB instance is complete."),
        told(id, 3, "availability", "DB instance restarted"),
        told(
          id,
          4.4,
          "recovery",
          "Recovery of the DB instance has started. Recovery time will vary with the amount of data to be recovered.",
        ),
        told(
          id,
          7,
          "availability",
          "A database workload is causing the system to run critically low on memory. To help mitigate the issue, RDS automatically set the value of innodb_buffer_pool_size to 9663676416.",
        ),
        ...nightlyBackup(id),
      ],
      load: [],
      notice: {
        id: "RDS-EVENT-0006",
        category: "availability",
        message: "DB instance restarted",
        minutesAgo: 3,
      },
      way: "probe-failed",
    };
  },
});
