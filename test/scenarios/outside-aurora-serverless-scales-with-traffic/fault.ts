import { calmAurora } from "../support/outside/calm.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const id = "portal-1";
const of = { Engine: "aurora-postgresql", EngineVersion: "16.8" };

const instances = [
  instanceOf(id, { ...of, DBInstanceClass: "db.serverless", DBClusterIdentifier: "portal" }),
];

const cluster = clusterOf("portal", [id], {
  ...of,
  ServerlessV2ScalingConfiguration: { MinCapacity: 2, MaxCapacity: 32 },
});

const calm = calmAurora({ engine: "postgres", vcpus: 8, memoryGib: 64, connections: 97, cpu: 46, iops: 210 });

/** Up within forty minutes, as on every day at this hour. */
function daily(before: number, now: number) {
  return (ago: number) => {
    const minute = ago % 1440;
    const share = minute > 720 ? 0 : Math.max(0, 1 - Math.max(0, minute - 12) / 40);
    return before + (now - before) * share;
  };
}

export const scenario = defineOutside({
  engine: "postgres",
  title: "A serverless writer goes from 3 to 12 of its 32 ACU with the morning's traffic, as on every day",
  world: (dice) => {
    const top = dice.number(110, 125) / 10;
    return {
      instances,
      cluster,
      metrics: {
        ...calm,
        CPUUtilization: daily(14, 34),
        ServerlessDatabaseCapacity: daily(3, top),
        ACUUtilization: daily(9.4, (top / 32) * 100),
        DatabaseConnections: daily(38, 97),
        DBLoad: daily(0.6, 3.4),
        DBLoadCPU: daily(0.5, 2.7),
        DBLoadNonCPU: daily(0.1, 0.7),
        FreeableMemory: daily(52 * 1024 ** 3, 41 * 1024 ** 3),
        FreeLocalStorage: () => null,
      },
      events: [],
      load: loadOf(
        { CPU: 2.7, "IO:XactSync": 0.4, "IO:AuroraStorageRead": 0.2, "Client:ClientRead": 0.1 },
        [
          {
            sql: "SELECT * FROM tickets WHERE assignee = $1 AND state <> $2",
            waits: { CPU: 0.8, "IO:AuroraStorageRead": 0.1 },
          },
          { sql: "SELECT * FROM sessions WHERE id = $1", waits: { CPU: 0.5 } },
          { sql: "UPDATE sessions SET seen_at = $1 WHERE id = $2", waits: { CPU: 0.3, "IO:XactSync": 0.4 } },
        ],
        { portal: 3.3 },
      ),
      alarm: above("ServerlessDatabaseCapacity", 10, [10.5, 11, 11.5], 8),
      way: "probe-failed",
    };
  },
});
