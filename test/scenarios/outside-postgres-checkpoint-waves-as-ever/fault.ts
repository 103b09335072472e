import { calmRds } from "../support/outside/calm.ts";
import { type Curve, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const id = "fleet-positions";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Nothing is wrong: every quarter of an hour a checkpoint writes for four minutes, far below what the volume may, as it has for weeks; the alarm is new",
  world: (dice) => {
    const began = dice.number(16, 18);
    const wave =
      (inside: number, outside: number): Curve =>
      (ago) => {
        const since = (((began - ago) % 15) + 15) % 15;
        return since < 4.5 ? inside : outside;
      };
    const at = Array.from({ length: 8 }, (_, index) => began + (7 - index) * 15);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.12",
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: false,
          AllocatedStorage: 1000,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "postgres",
            vcpus: 4,
            memoryGib: 32,
            freeGib: 377,
            connections: 88,
            cpu: 33,
            iops: 1500,
          }),
        ),
        WriteIOPS: wave(3900, 900),
        WriteThroughput: wave(46e6, 15e6),
        WriteLatency: wave(0.0021, 0.0014),
        DiskQueueDepth: wave(8.4, 1.4),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 1.0, "IO:WALSync": 0.2, "IO:XactSync": 0.1 },
        [
          {
            sql: "INSERT INTO positions (vehicle_id, at, lat, lon) VALUES ($1, $2, $3, $4)",
            waits: { CPU: 0.4, "IO:WALSync": 0.2 },
          },
          {
            sql: "SELECT lat, lon FROM positions WHERE vehicle_id = $1 ORDER BY at DESC LIMIT $2",
            waits: { CPU: 0.3 },
          },
        ],
        { tracker: 0.8, map_api: 0.4 },
      ),
      logs: [
        errorLog(
          at
            .flatMap((minutes, index) => [
              { minutes, says: "LOG:  checkpoint starting: time" },
              {
                minutes: minutes - 4.5,
                says: `LOG:  checkpoint complete: wrote ${41_230 + index * 311} buffers (3.9%); 0 WAL file(s) added, 0 removed, 24 recycled; write=269.8 s, sync=0.041 s, total=270.1 s; sync files=212, longest=0.011 s, average=0.001 s; distance=1544210 kB, estimate=1561200 kB`,
              },
            ])
            .filter(({ minutes }) => minutes > 0)
            .map(({ minutes, says }) => logged(minutes, { pid: 402 }, says)),
          at.at(-1) ?? 2,
        ),
      ],
      alarm: above("DiskQueueDepth", 8, [8.3, 8.6, 8.4], began - 3),
      way: "probe-failed",
    };
  },
});
