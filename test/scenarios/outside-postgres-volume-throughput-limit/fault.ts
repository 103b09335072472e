import { calmRds } from "../support/outside/calm.ts";
import { even, moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "catalog-prod";
const mib = 1024 ** 2;

const calm = calmRds({
  engine: "postgres",
  vcpus: 4,
  memoryGib: 32,
  freeGib: 71,
  connections: 96,
  cpu: 31,
  iops: 420,
});

const statement = (from: string) => `SELECT sum(amount) FROM ${from} WHERE booked_at >= $1 GROUP BY region`;

/** gp3 of 200 GiB: 3,000 I/Os and 125 MiB a second, and neither can be raised below 400 GiB. */
export const scenario = defineOutside({
  engine: "postgres",
  title: "Large reads fill the 125 MiB/s of a small gp3 volume; its I/Os a second are a third of what it may",
  world: (dice) => {
    const minutes = dice.number(19, 27);
    const written = dice.number(6, 9);
    const latency = dice.number(19, 24) / 1000;
    return {
      instances: [
        instanceOf(id, { Engine: "postgres", EngineVersion: "16.9", DBInstanceClass: "db.r6g.xlarge" }),
      ],
      metrics: {
        ...calm,
        ReadThroughput: even(steps(420 * 0.4 * 18_000, (125 - written) * mib, minutes)),
        WriteThroughput: even(steps(420 * 0.6 * 21_000, written * mib, minutes)),
        ReadIOPS: even(steps(168, 955, minutes)),
        WriteIOPS: steps(252, 190, minutes),
        ReadLatency: steps(0.0007, latency, minutes),
        WriteLatency: steps(0.0015, latency * 0.8, minutes),
        DiskQueueDepth: moves(0.6, 21, minutes),
        CPUUtilization: steps(31, 24, minutes),
        DatabaseConnections: moves(96, 118, minutes),
        DBLoad: steps(1.2, 15.4, minutes),
        DBLoadCPU: steps(0.95, 0.8, minutes),
        DBLoadNonCPU: steps(0.3, 14.6, minutes),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { "IO:DataFileRead": 12.7, CPU: 0.8, "IO:WALWrite": 0.9, "LWLock:BufferIO": 1 },
        [
          { sql: statement("sales"), waits: { "IO:DataFileRead": 3.6, CPU: 0.2 } },
          { sql: statement("returns"), waits: { "IO:DataFileRead": 3.3, CPU: 0.2, "LWLock:BufferIO": 0.5 } },
          { sql: statement("deliveries"), waits: { "IO:DataFileRead": 3.1, CPU: 0.1 } },
          {
            sql: "SELECT * FROM products WHERE id = $1",
            waits: { "IO:DataFileRead": 2.7, "LWLock:BufferIO": 0.5 },
          },
          { sql: "INSERT INTO sales VALUES ($1, $2, $3, $4)", waits: { "IO:WALWrite": 0.9 } },
        ],
        { catalog: 9.1, reporting: 6.3 },
      ),
      alarm: above("ReadLatency", 0.015, [latency, latency * 1.03, latency * 0.98], 14),
      way: "probe-failed",
    };
  },
});
