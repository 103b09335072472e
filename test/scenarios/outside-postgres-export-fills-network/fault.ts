import { calmRds } from "../support/outside/calm.ts";
import { even, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "meters-db";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Exports without a limit: 26 sessions wait until their clients take the rows, the network is at the 750 Mbit/s of the class",
  world: (dice) => {
    const writing = dice.number(24, 28);
    return {
      instances: [
        instanceOf(id, { Engine: "postgres", EngineVersion: "16.6", DBInstanceClass: "db.m6g.large" }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 2,
          memoryGib: 8,
          freeGib: 69,
          connections: 58,
          cpu: 24,
          iops: 310,
        }),
        CPUUtilization: steps(24, 63, 32),
        DatabaseConnections: steps(58, 58 + writing, 32),
        NetworkTransmitThroughput: even(steps(3.1e6, 93.6e6, 32)),
        ReadIOPS: steps(124, 1650, 32),
        ReadThroughput: steps(2.2e6, 46e6, 32),
        DBLoad: steps(0.6, writing + 3.1, 32),
        DBLoadCPU: steps(0.4, 1.2, 32),
        DBLoadNonCPU: steps(0.2, writing + 1.9, 32),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { "Client:ClientWrite": writing, "IO:DataFileRead": 1.8, CPU: 1.2, "IO:WALSync": 0.1 },
        [
          {
            sql: "SELECT r.* FROM readings r WHERE r.site_id = $1 ORDER BY r.at",
            waits: { "Client:ClientWrite": writing, "IO:DataFileRead": 1.7, CPU: 0.8 },
          },
          { sql: "SELECT id, name FROM sites WHERE owner_id = $1", waits: { CPU: 0.2 } },
          {
            sql: "INSERT INTO readings ( site_id, at, value ) VALUES ( $1, $2, $3 )",
            waits: { CPU: 0.1, "IO:WALSync": 0.1 },
          },
        ],
        { export_api: writing + 2.5, portal: 0.4, collector: 0.2 },
      ),
      alarm: above("DBLoad", 10, [26.1, 29.4, 28.7], 29),
      way: "probe-failed",
    };
  },
});
