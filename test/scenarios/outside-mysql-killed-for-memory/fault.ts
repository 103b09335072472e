import { calmRds } from "../support/outside/calm.ts";
import { type Curve, moves, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { instanceOf, nightlyBackup, notice, told } from "../support/outside/described.ts";

const gib = 1024 ** 3;
const mib = 1024 ** 2;
const id = "sessions-prod";

const instances = [
  instanceOf(id, {
    Engine: "mysql",
    EngineVersion: "8.0.41",
    DBInstanceClass: "db.r6g.large",
    MultiAZ: true,
    SecondaryAvailabilityZone: "eu-central-1a",
  }),
];

const calm = calmRds({
  engine: "mysql",
  vcpus: 2,
  memoryGib: 16,
  freeGib: 130,
  connections: 190,
  cpu: 34,
  iops: 420,
});

const restarted = told(id, 3, "availability", "DB instance restarted");

/** As usual until 18 minutes ago, worse for 13 minutes, down for two, then up again. */
function phases(before: Curve, worse: Curve, down: number | null, up: number): Curve {
  return (ago) => {
    if (ago > 18) return before(ago);
    if (ago >= 5) return worse(ago - 5);
    return ago >= 3 ? down : up;
  };
}

export const scenario = defineOutside({
  engine: "mysql",
  title: "Memory ran out, the server process was killed and has come up again three minutes ago",
  world: (dice) => {
    const clients = dice.number(380, 460);
    return {
      instances,
      metrics: {
        ...calm,
        // Down to nothing in 12 minutes, and most of it free again since the buffer pool is cold.
        FreeableMemory: phases(usual(2.4 * gib), moves(2.4 * gib, 61 * mib, 13), 9.8 * gib, 9.8 * gib),
        SwapUsage: phases(usual(8 * mib), moves(8 * mib, 2.9 * gib, 13), 110 * mib, 110 * mib),
        DatabaseConnections: phases(usual(190), moves(190, clients, 13), 0, clients * 0.8),
        CPUUtilization: (ago) => (ago > 8 ? usual(34)(ago) : ago >= 5 ? 71 : 44),
        ReadIOPS: steps(170, 1650, 5),
        ReadLatency: steps(0.0007, 0.0011, 5),
        DBLoad: phases(usual(1.1), () => 9, null, 3.8),
        DBLoadCPU: phases(usual(0.7), () => 1.9, null, 1.1),
        DBLoadNonCPU: phases(usual(0.4), () => 7.1, null, 2.7),
      },
      events: [
        told(id, 2.6, "recovery", "Recovery of the DB instance is complete."),
        restarted,
        told(
          id,
          4.4,
          "recovery",
          "Recovery of the DB instance has started. Recovery time will vary with the amount of data to be recovered.",
        ),
        told(
          id,
          7,
          "availability",
          "A database workload is causing the system to run critically low on memory. To help mitigate the issue, RDS automatically set the value of innodb_buffer_pool_size to 9663676416.",
        ),
        ...nightlyBackup(id),
      ],
      load: [],
      notice: notice("RDS-EVENT-0006", restarted),
      way: "probe-failed",
    };
  },
});
