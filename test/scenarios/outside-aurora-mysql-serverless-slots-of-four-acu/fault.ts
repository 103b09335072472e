import { calmAurora } from "../support/outside/calm.ts";
import { byHour, type Curve, even, turns, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const id = "webinars-1";
const slots = 135;
const gib = 1024 ** 3;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A webinar begins and the functions behind its page open all 135 connections that 4 ACU give; of the capacity a third is left",
  world: (dice) => {
    const since = dice.number(9, 12);
    const fills: Curve = (ago) => (ago > since ? byHour(71)(ago) : Math.min(slots, 71 + (since - ago) * 32));
    return {
      instances: [
        instanceOf(id, {
          Engine: "aurora-mysql",
          EngineVersion: "8.0.mysql_aurora.3.08.1",
          DBInstanceClass: "db.serverless",
          DBClusterIdentifier: "webinars",
        }),
      ],
      cluster: clusterOf("webinars", [id], {
        Engine: "aurora-mysql",
        EngineVersion: "8.0.mysql_aurora.3.08.1",
        ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 4 },
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 1, memoryGib: 8, connections: 71, cpu: 14, iops: 90 }),
        ),
        DatabaseConnections: Object.assign((ago: number) => fills(ago), { rough: 0 }),
        ServerlessDatabaseCapacity: even((ago) => (ago > since ? 1.5 : 2.5)),
        ACUUtilization: even((ago) => (ago > since ? 37.5 : 62.5)),
        CPUUtilization: turns(byHour(14), since, 29),
        FreeableMemory: (ago) => (ago > since ? 5.9 : 4.6) * gib,
        Queries: turns(byHour(240), since, 430),
        CommitThroughput: turns(byHour(31), since, 52),
        DBLoad: even(turns(byHour(0.4), since, 0.9)),
        DBLoadCPU: even(turns(byHour(0.3), since, 0.7)),
        DBLoadNonCPU: even(turns(byHour(0.1), since, 0.2)),
      },
      events: [],
      load: loadOf(
        { CPU: 0.7, "io/aurora_redo_log_flush": 0.1, "wait/io/socket/sql/client_connection": 0.1 },
        [
          {
            sql: "SELECT * FROM `webinars` WHERE `slug` = ? AND `published` = ?",
            waits: { CPU: 0.2 },
          },
          {
            sql: "INSERT INTO `attendances` ( `webinar_id` , `email` , `joined_at` ) VALUES (...)",
            waits: { CPU: 0.1, "io/aurora_redo_log_flush": 0.1 },
          },
        ],
        { webinars_fn: 0.9 },
      ),
      alarm: above("DatabaseConnections", 120, [135, 135, 135], since - 5, "Maximum"),
      way: "probe-failed",
    };
  },
});
