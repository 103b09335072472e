import { calmRds } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "analytics-pg";
const gib = 1024 ** 3;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "One report joins and sorts without end: its temporary files take the free storage within a quarter of an hour",
  world: (dice) => {
    const left = dice.number(7, 11);
    const began = 14;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.10",
          DBInstanceClass: "db.m6g.xlarge",
          AllocatedStorage: 200,
          Iops: 3000,
          StorageThroughput: 125,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 16,
          freeGib: 64,
          connections: 74,
          cpu: 27,
          iops: 420,
        }),
        FreeStorageSpace: moves(64 * gib, left * gib, began),
        WriteIOPS: steps(252, 1180, began),
        WriteThroughput: steps(5.3e6, 72e6, began),
        ReadIOPS: steps(168, 610, began),
        ReadThroughput: steps(3e6, 29e6, began),
        WriteLatency: steps(0.0015, 0.0052, began),
        ReadLatency: steps(0.0007, 0.0021, began),
        DiskQueueDepth: steps(0.5, 6.4, began),
        CPUUtilization: steps(27, 51, began),
        DBLoad: steps(1.1, 4.3, began),
        DBLoadCPU: steps(0.83, 1.6, began),
        DBLoadNonCPU: steps(0.27, 2.7, began),
        FreeableMemory: moves(3.5 * gib, 2.7 * gib, began),
      },
      events: nightlyBackup(id),
      load: loadOf(
        {
          "IO:BufFileWrite": 1.7,
          CPU: 1.6,
          "IO:BufFileRead": 0.6,
          "IO:DataFileRead": 0.3,
          "Client:ClientRead": 0.1,
        },
        [
          {
            sql: "SELECT v.visitor_id, p.url, count(*) OVER (PARTITION BY v.visitor_id) FROM visit v JOIN page_view p ON p.site_id = v.site_id ORDER BY v.visitor_id, p.seen_at",
            waits: { "IO:BufFileWrite": 1.7, "IO:BufFileRead": 0.6, CPU: 0.7, "IO:DataFileRead": 0.2 },
          },
          { sql: "SELECT * FROM account WHERE id = $1", waits: { CPU: 0.3, "IO:DataFileRead": 0.1 } },
          { sql: "UPDATE session SET seen_at = $1 WHERE id = $2", waits: { CPU: 0.2 } },
        ],
        { metabase: 3.2, app: 1.1 },
      ),
      alarm: below("FreeStorageSpace", 21_474_836_480, [20.1e9, 16.3e9, 12.4e9], 1, "Minimum"),
      way: "probe-failed",
    };
  },
});
