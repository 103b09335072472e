import { calmRds } from "../support/outside/calm.ts";
import { gapped, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { errorLog, type LogClient, logged } from "../support/outside/postgres-log.ts";

const id = "logistics-db";
const statements = [
  "SELECT s.id, s.eta, c.name FROM shipments s JOIN carriers c ON c.id = s.carrier_id WHERE s.depot_id = $1 AND s.state = ANY($2)",
  "SELECT count(*) FROM parcels p JOIN shipments s ON s.id = p.shipment_id WHERE s.route_id = $1",
  "SELECT p.* FROM parcels p JOIN scans x ON x.parcel_id = p.id WHERE x.scanned_at > $1 AND p.state = $2",
];

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Upgraded from 13 to 16 before work and never analyzed: no statistics, so every join is planned for one row and the CPUs are full since the shift began",
  world: (dice) => {
    const done = dice.number(172, 180);
    const began = done + 17;
    const shift = 48;
    const calm = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 4,
        memoryGib: 32,
        freeGib: 260,
        connections: 139,
        cpu: 41,
        iops: 1100,
      }),
    );
    const worker = (pid: number): LogClient => ({
      host: `10.7.4.30(${pid + 30_000})`,
      user: "dispatch",
      database: "logistics",
      pid,
    });
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.4",
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: true,
          AllocatedStorage: 600,
          Iops: 12_000,
          StorageThroughput: 500,
          DBName: "logistics",
          DBParameterGroups: [{ DBParameterGroupName: "logistics-pg16", ParameterApplyStatus: "in-sync" }],
        }),
      ],
      metrics: gapped(
        {
          ...calm,
          CPUUtilization: (ago) => (ago > began ? (usual(41)(ago) ?? 0) : ago > shift ? 19 : 98.6),
          ReadIOPS: turns(usual(440), shift, 3900),
          ReadThroughput: turns(usual(7.9e6), shift, 88e6),
          ReadLatency: turns(usual(0.0007), shift, 0.0011),
          DiskQueueDepth: turns(usual(1.3), shift, 5.1),
          DatabaseConnections: turns(usual(139), shift, 268),
          DBLoad: turns(usual(1.6), shift, 37),
          DBLoadCPU: turns(usual(1.3), shift, 31),
          DBLoadNonCPU: turns(usual(0.4), shift, 6),
        },
        began - 3,
        done + 1,
      ),
      events: [
        told(id, began + 9, "maintenance", "Pre-upgrade checks for the engine version upgrade have started."),
        told(id, began, "maintenance", "The engine version upgrade started."),
        told(id, began - 3, "availability", "DB instance shutdown"),
        told(id, done + 1, "availability", "DB instance restarted"),
        told(id, done, "maintenance", "The engine version upgrade finished."),
        told(id, began + 8, "backup", "Backing up DB instance"),
        told(id, began + 1, "backup", "Finished DB Instance backup"),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { CPU: 31, "IO:DataFileRead": 5.6 },
        [
          { sql: statements[0] ?? "", waits: { CPU: 12.1, "IO:DataFileRead": 1.6 } },
          { sql: statements[1] ?? "", waits: { CPU: 9.4, "IO:DataFileRead": 2.2 } },
          { sql: statements[2] ?? "", waits: { CPU: 7.7, "IO:DataFileRead": 1.7 } },
        ],
        { dispatch: 28.1, scanner: 7.6 },
      ),
      logs: [
        errorLog(
          statements.flatMap((sql, index) => [
            logged(
              9 - index * 2.4,
              worker(7710 + index * 6),
              `LOG:  duration: ${21_340 + index * 8117}.214 ms  plan:`,
            ),
            `\tQuery Text: ${sql}`,
            `\tNested Loop  (cost=0.28..16.94 rows=1 width=52) (actual time=0.114..${21_300 + index * 8100}.880 rows=${61_204 + index * 917} loops=1)`,
            `\t  ->  Seq Scan on ${index === 0 ? "shipments s" : "parcels p"}  (cost=0.00..8.30 rows=1 width=24) (actual time=0.020..911.402 rows=${188_204 + index * 311} loops=1)`,
          ]),
          4,
        ),
      ],
      changes: [
        {
          at: ago(began + 10).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "s.lindqvist",
          detail: `dBInstanceIdentifier=${id}, engineVersion=16.4, allowMajorVersionUpgrade=true, dBParameterGroupName=logistics-pg16, applyImmediately=true`,
          error: null,
          before: { engineVersion: "13.15" },
        },
      ],
      alarm: above("CPUUtilization", 90, [97.4, 98.8, 98.9], shift - 5),
      alsoAlarms: [above("DatabaseConnections", 250, [258, 264, 266], shift - 14)],
      way: "probe-failed",
    };
  },
});
