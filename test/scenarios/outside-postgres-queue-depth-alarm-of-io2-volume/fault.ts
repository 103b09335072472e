import { calmRds } from "../support/outside/calm.ts";
import { byHour, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "pricing-core";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The alarm on a queue of 8 was copied from a smaller database: 16000 IOPS at 0.7 ms make a queue of ten, as every day",
  world: (dice) => {
    const [reads, writes] = [dice.number(8900, 9300), dice.number(6700, 7000)];
    // What is asked at once is how often times how long.
    const [readQueue, writeQueue] = [reads * 0.0007, writes * 0.0006];
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.12",
          DBInstanceClass: "db.r6i.4xlarge",
          MultiAZ: true,
          StorageType: "io2",
          AllocatedStorage: 2000,
          Iops: 30_000,
          StorageThroughput: 0,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 16,
          memoryGib: 128,
          connections: 612,
          cpu: 44,
          iops: reads + writes,
          freeGib: 893,
        }),
        CPUUtilization: byHour(44),
        DatabaseConnections: byHour(612, 0.08),
        ReadIOPS: byHour(reads),
        WriteIOPS: byHour(writes),
        ReadThroughput: byHour(reads * 17_000),
        WriteThroughput: byHour(writes * 20_000),
        ReadLatency: usual(0.0007),
        WriteLatency: usual(0.0006),
        DiskQueueDepth: byHour(readQueue + writeQueue),
        DBLoad: byHour(5.4 + readQueue * 0.94 + 1.1),
        DBLoadCPU: byHour(5.4),
        DBLoadNonCPU: byHour(readQueue * 0.94 + 1.1),
        TransactionLogsGeneration: byHour(21 * 1024 ** 2),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 5.4, "IO:DataFileRead": readQueue * 0.94, "IO:WALSync": 0.9, "LWLock:WALWrite": 0.2 },
        [
          {
            sql: "SELECT q.price, q.valid_to FROM quotes q WHERE q.article_id = $1 AND q.region = $2",
            waits: { CPU: 2.1, "IO:DataFileRead": 2.9 },
          },
          {
            sql: "INSERT INTO quotes (article_id, region, price, valid_to) VALUES ($1, $2, $3, $4) ON CONFLICT (article_id, region) DO UPDATE SET price = excluded.price, valid_to = excluded.valid_to",
            waits: { CPU: 1.2, "IO:DataFileRead": 1.8, "IO:WALSync": 0.8 },
          },
          { sql: "SELECT a.* FROM articles a WHERE a.id = $1", waits: { CPU: 0.9, "IO:DataFileRead": 0.8 } },
        ],
        { pricing_api: 7.2, repricer: 5.1 },
      ),
      alarm: above("DiskQueueDepth", 8, [10.1, 10.6, 10.3], 52),
      way: "probe-failed",
    };
  },
});
