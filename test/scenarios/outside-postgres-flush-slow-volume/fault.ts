import { calmRds } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "metering";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "As many commits as ever, but each flush takes 60 ms since the volume has become slow: everything waits in IO:WALSync",
  world: (dice) => {
    const waiting = dice.number(24, 36);
    const seconds = dice.number(52, 71) / 1000;
    return {
      instances: [
        instanceOf(id, { Engine: "postgres", EngineVersion: "16.8", DBInstanceClass: "db.m6g.xlarge" }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 16,
          freeGib: 104,
          connections: 90,
          cpu: 34,
          iops: 900,
        }),
        CPUUtilization: steps(34, 19, 17),
        WriteLatency: steps(0.0015, seconds, 17),
        WriteIOPS: steps(540, 290, 17),
        DiskQueueDepth: steps(1, 17, 17),
        DBLoad: steps(1.4, waiting + 3, 17),
        DBLoadCPU: steps(1, 0.6, 17),
        DBLoadNonCPU: steps(0.4, waiting + 2, 17),
        DatabaseConnections: steps(90, 118, 17),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { "IO:WALSync": waiting * 0.55, "LWLock:WALWrite": waiting * 0.45, CPU: 0.6, "IO:DataFileRead": 0.4 },
        [
          {
            sql: "INSERT INTO readings ( meter, at, kwh ) VALUES (?, ?, ?)",
            waits: { "IO:WALSync": waiting * 0.5, "LWLock:WALWrite": waiting * 0.4 },
          },
        ],
        { collector: waiting },
      ),
      alarm: above("WriteLatency", 0.02, [seconds, seconds, seconds], 14),
      way: "probe-failed",
    };
  },
});
