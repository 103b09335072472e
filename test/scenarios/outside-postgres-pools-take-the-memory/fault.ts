import { calmRds } from "../support/outside/calm.ts";
import { moves } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const mib = 1024 ** 2;
const id = "booking-prod";

const instances = [
  instanceOf(id, {
    Engine: "postgres",
    EngineVersion: "16.4",
    DBInstanceClass: "db.t4g.medium",
    AllocatedStorage: 100,
  }),
];

const search = "SELECT id, price, seats FROM departures WHERE route_id = $1 AND leaves_on = $2";
const cart = "UPDATE carts SET touched_at = now() WHERE id = $1";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "More pods with full pools than the small class has memory for: it swaps, and nothing is free any more",
  world: (dice) => {
    const connections = dice.number(250, 270);
    const calm = calmRds({
      engine: "postgres",
      vcpus: 2,
      memoryGib: 4,
      freeGib: 61,
      connections: 92,
      cpu: 34,
      iops: 210,
    });
    return {
      instances,
      metrics: {
        ...calm,
        DatabaseConnections: moves(92, connections, 55),
        FreeableMemory: moves(860 * mib, 71 * mib, 50),
        SwapUsage: moves(12 * mib, 1010 * mib, 42),
        CPUUtilization: moves(34, 58, 45),
        ReadIOPS: moves(90, 760, 40),
        WriteIOPS: moves(120, 410, 40),
        ReadLatency: moves(0.0007, 0.0031, 40),
        DiskQueueDepth: moves(0.3, 3.1, 40),
        DBLoad: moves(0.7, 3.6, 45),
        DBLoadCPU: moves(0.5, 1.1, 45),
        DBLoadNonCPU: moves(0.2, 2.5, 45),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 1.1, "IO:DataFileRead": 1.6, "LWLock:BufferIO": 0.4, "Client:ClientRead": 0.2 },
        [
          { sql: search, waits: { CPU: 0.6, "IO:DataFileRead": 1.0 } },
          { sql: cart, waits: { CPU: 0.3, "IO:DataFileRead": 0.3 } },
        ],
        { booking_app: 3.1 },
      ),
      alarm: below(
        "FreeableMemory",
        134_217_728,
        [128.9, 119.4, 101.2].map((of) => Math.round(of * mib)),
        6,
      ),
      way: "probe-failed",
    };
  },
});
