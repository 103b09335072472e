import { calmRds } from "../support/outside/calm.ts";
import { even, gapped, steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { fillsUp } from "../support/outside/saws.ts";

const id = "parcels-prod";
const statement =
  "SELECT s.id, s.tracking_no, e.kind, e.happened_at FROM shipments s JOIN shipment_events e ON e.shipment_id = s.id WHERE s.customer_id = $1 AND e.happened_at > $2 ORDER BY e.happened_at DESC LIMIT 50";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Upgraded from 13 to 16 an hour and a half ago and never analyzed: without statistics the planner joins millions of events in nested loops, and the CPU is full",
  world: (dice) => {
    const done = dice.number(94, 98);
    const down = done + 19;
    const calm = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 8,
        memoryGib: 32,
        connections: 246,
        cpu: 38,
        iops: 1300,
        freeGib: 402,
      }),
    );
    const slow = (minutes: number, seconds: number, pid: number) =>
      logged(
        minutes,
        { host: `10.12.3.${20 + (pid % 9)}(51${pid % 900})`, user: "parcels_api", database: "parcels", pid },
        `LOG:  duration: ${(seconds * 1000).toFixed(3)} ms  execute <unnamed>: ${statement}`,
      );
    const upgraded = {
      ...calm,
      CPUUtilization: even(steps(38, 98.6, done - 4)),
      DBLoad: steps(3, 31, done - 4),
      DBLoadCPU: steps(2.3, 25, done - 4),
      DBLoadNonCPU: steps(0.7, 6, done - 4),
      ReadIOPS: steps(520, 4100, done - 4),
      ReadThroughput: steps(9.4e6, 88e6, done - 4),
      WriteIOPS: steps(780, 640, done - 4),
      DatabaseConnections: (minutes: number) =>
        minutes > done - 4 ? usual(246)(minutes) : (fillsUp(usual(246), done - 4, 5, 390)(minutes) ?? null),
    };
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.4",
          DBInstanceClass: "db.m6g.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 1000,
          Iops: 12_000,
          StorageThroughput: 500,
          DBParameterGroups: [{ DBParameterGroupName: "parcels-pg16", ParameterApplyStatus: "in-sync" }],
        }),
      ],
      metrics: gapped(upgraded, down, done),
      events: [
        told(id, done - 8, "backup", "Finished DB Instance backup"),
        told(id, done, "maintenance", "The engine version upgrade finished."),
        told(id, done + 1, "availability", "DB instance restarted"),
        told(id, done + 16, "maintenance", "The engine version upgrade started."),
        told(id, down, "maintenance", "The downtime started for the DB instance."),
        told(id, down + 1, "availability", "DB instance shutdown"),
        told(id, down + 4, "maintenance", "The pre-check finished for the DB engine version upgrade."),
        told(id, down + 9, "maintenance", "The pre-check started for the DB engine version upgrade."),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { CPU: 25.1, "IO:DataFileRead": 5.2, "LWLock:BufferMapping": 0.6 },
        [
          { sql: statement, waits: { CPU: 18.7, "IO:DataFileRead": 4.1, "LWLock:BufferMapping": 0.5 } },
          {
            sql: "SELECT d.id, d.route_id FROM deliveries d JOIN stops t ON t.delivery_id = d.id WHERE t.depot_id = $1 AND d.due_on = $2",
            waits: { CPU: 4.2, "IO:DataFileRead": 0.8 },
          },
          {
            sql: "INSERT INTO shipment_events (shipment_id, kind, happened_at) VALUES ($1, $2, $3)",
            waits: { CPU: 0.6 },
          },
        ],
        { parcels_api: 27.4, routing: 3.5 },
      ),
      logs: [
        errorLog(
          Array.from({ length: 22 }, (_, index) =>
            slow(16 - index * 0.7, 6.1 + ((index * 29) % 60) / 10, 6120 + index * 7),
          ),
          1,
        ),
      ],
      changes: [
        {
          at: ago(down + 12).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "platform-deploy",
          detail: `dBInstanceIdentifier=${id}, engineVersion=16.4, allowMajorVersionUpgrade=true, dBParameterGroupName=parcels-pg16, applyImmediately=true`,
          error: null,
          before: { engineVersion: "13.15" },
        },
      ],
      alarm: above("CPUUtilization", 90, [98.2, 98.9, 98.7], done - 9),
      way: "probe-failed",
    };
  },
});
