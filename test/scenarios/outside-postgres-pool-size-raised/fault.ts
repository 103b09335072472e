import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { type Curve, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const id = "booking-prod";
const gib = 1024 ** 3;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A rollout raised the pool of each pod threefold: all 838 connections are taken, clients are refused",
  world: (dice) => {
    const since = dice.number(8, 10);
    // What a limit holds does not move by one.
    const connections: Curve = Object.assign(
      (ago: number) => (ago > since + 6 ? 196 : ago > since ? 838 - ((ago - since) * (838 - 196)) / 6 : 838),
      { rough: 0 },
    );
    const clients = Array.from({ length: 46 }, (_, at) => ({
      minutes: since - 0.3 - (at * (since - 1.2)) / 46,
      client: {
        host: `10.21.${64 + (at % 14)}.${17 + ((at * 7) % 200)}(${41_000 + at * 37})`,
        user: "booking_api",
        database: "booking",
        pid: 20_100 + at * 3,
      },
    }));
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.6",
          DBInstanceClass: "db.m6g.large",
          MultiAZ: true,
          AllocatedStorage: 275,
          MaxAllocatedStorage: 600,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...calmRds({
          engine: "postgres",
          vcpus: 2,
          memoryGib: 8,
          freeGib: 58,
          connections: 196,
          cpu: 38,
          iops: 350,
        }),
        DatabaseConnections: connections,
        CPUUtilization: steps(38, 69, since + 5),
        FreeableMemory: (ago) => (1.76 - (0.9 * (Number(connections(ago)) - 196)) / (838 - 196)) * gib,
        SwapUsage: steps(6 * 1024 ** 2, 21 * 1024 ** 2, since),
        NetworkReceiveThroughput: steps(1.8e6, 2.3e6, since + 5),
      }),
      events: [
        ...nightlyBackup(id),
        told(
          id,
          196,
          "configuration change",
          "Applying autoscaling-initiated modification to allocated storage.",
        ),
        told(
          id,
          191,
          "configuration change",
          "Finished applying autoscaling-initiated modification to allocated storage.",
        ),
      ],
      load: null,
      logs: [
        errorLog(
          [
            logged(since + 9, { pid: 392 }, "LOG:  checkpoint starting: time"),
            logged(
              since + 5,
              { pid: 392 },
              "LOG:  checkpoint complete: wrote 2110 buffers (1.1%); 0 WAL file(s) added, 0 removed, 2 recycled; write=211.394 s, sync=0.008 s, total=211.431 s; sync files=94, longest=0.002 s, average=0.001 s; distance=61433 kB, estimate=64120 kB; lsn=2F/B1007C38, redo lsn=2F/AE03F1A8",
            ),
            ...clients.map(({ minutes, client }) =>
              logged(
                minutes,
                client,
                'FATAL:  remaining connection slots are reserved for roles with privileges of the "pg_use_reserved_connections" role',
              ),
            ),
          ],
          0.9,
        ),
      ],
      alarm: above("DatabaseConnections", 680, [712, 826, 838], since - 1, "Maximum"),
      alsoAlarms: [below("FreeableMemory", 1e9, [948e6, 931e6, 924e6], since - 3)],
      way: "probe-failed",
    };
  },
});
