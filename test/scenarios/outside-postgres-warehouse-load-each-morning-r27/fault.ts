import { calmRds } from "../support/outside/calm.ts";
import { usual, withDays } from "../support/outside/curves.ts";
import { atTheseHours } from "../support/outside/days-apart.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "warehouse-feed";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The load of the night's files, at this hour of every day, with the CPU and the volume it always takes",
  world: (dice) => {
    const began = dice.number(24, 29);
    const hour = (inside: number, outside: number) => atTheseHours(began, 55, inside, outside);
    const calm = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 4,
        memoryGib: 32,
        freeGib: 410,
        connections: 44,
        cpu: 21,
        iops: 600,
      }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.6",
          DBInstanceClass: "db.r6g.xlarge",
          AllocatedStorage: 900,
          Iops: 12_000,
          StorageThroughput: 500,
          DBName: "warehouse",
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: hour(88, 21),
        WriteIOPS: hour(2900, 360),
        WriteThroughput: hour(96e6, 7.6e6),
        ReadIOPS: hour(700, 240),
        WriteLatency: hour(0.0019, 0.0015),
        DiskQueueDepth: hour(5.8, 0.7),
        DatabaseConnections: hour(52, 44),
        DBLoad: hour(3.5, 0.9),
        DBLoadCPU: hour(3.1, 0.7),
        DBLoadNonCPU: hour(0.4, 0.2),
        TransactionLogsGeneration: hour(31e6, 1.4e6),
        TransactionLogsDiskUsage: usual(9.6 * 1024 ** 3),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 3.1, "IO:WALWrite": 0.3 },
        [
          {
            sql: "INSERT INTO facts_daily SELECT * FROM staging_daily ON CONFLICT (day, sku) DO UPDATE SET units = excluded.units",
            waits: { CPU: 1.9, "IO:WALWrite": 0.2 },
          },
          { sql: "COPY staging_daily FROM STDIN WITH (FORMAT csv)", waits: { CPU: 0.8, "IO:WALWrite": 0.1 } },
        ],
        { loader: 3.1, bi: 0.3 },
      ),
      alarm: above("CPUUtilization", 85, [87.6, 88.9, 88.1], began - 5),
      way: "probe-failed",
    };
  },
});
