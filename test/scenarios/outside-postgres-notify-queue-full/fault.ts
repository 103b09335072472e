import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const id = "courier-dispatch";
const oldest = "DETAIL:  The server process with PID 8817 is among those with the oldest transactions.";
const hint = "HINT:  The NOTIFY queue cannot be emptied until that process ends its current transaction.";
const writer = { host: "10.9.3.17(50112)", user: "dispatch", database: "courier", pid: 9011 };

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Session 8817 listens within a transaction that it never ends: the NOTIFY queue is full, and every commit that notifies fails",
  world: (dice) => {
    const since = dice.number(12, 15);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "13.18",
          DBInstanceClass: "db.m5.xlarge",
          DBName: "courier",
          MultiAZ: true,
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...withDays(
          withoutInsights(
            calmRds({
              engine: "postgres",
              vcpus: 4,
              memoryGib: 16,
              freeGib: 212,
              connections: 131,
              cpu: 33,
              iops: 300,
            }),
          ),
        ),
        WriteIOPS: steps(180, 52, since),
        WriteThroughput: steps(3.8e6, 1.1e6, since),
        CPUUtilization: steps(33, 24, since),
        DatabaseConnections: steps(131, 139, since),
      },
      events: nightlyBackup(id),
      logs: [
        errorLog(
          [
            ...[86, 89, 92, 95, 98].flatMap((percent, index) => [
              logged(since + 32 - index * 7, writer, `WARNING:  NOTIFY queue is ${percent}% full`),
              logged(since + 32 - index * 7, writer, oldest),
              logged(since + 32 - index * 7, writer, hint),
            ]),
            logged(
              since + 2,
              { pid: 377 },
              "LOG:  checkpoint complete: wrote 4022 buffers (3.1%); 0 WAL file(s) added, 0 removed, 3 recycled; write=269.911 s, sync=0.008 s, total=269.951 s",
            ),
            ...Array.from({ length: since * 12 }, (_, index) => since - index / 12).flatMap((at, index) => [
              logged(at, writer, "WARNING:  NOTIFY queue is 100% full"),
              logged(at, writer, oldest),
              logged(at, writer, hint),
              ...[0, 1, 2].flatMap((nth) => {
                const who = { ...writer, pid: 9012 + ((index * 3 + nth) % 77) };
                return [
                  logged(at - nth * 0.01, who, "ERROR:  too many notifications in the NOTIFY queue"),
                  logged(at - nth * 0.01, who, "STATEMENT:  COMMIT"),
                ];
              }),
            ]),
          ],
          1,
        ),
      ],
      load: null,
      alarm: below("WriteIOPS", 100, [51, 54, 52], since - 5),
      way: "probe-failed",
    };
  },
});
