import { calmAurora } from "../support/outside/calm.ts";
import { even, moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const id = "signup-db-1";
const cluster = "signup-db";
const calm = calmAurora({ engine: "mysql", vcpus: 2, memoryGib: 16, connections: 190, cpu: 31, iops: 400 });

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A campaign wakes hundreds of functions, each with a connection of its own: Aurora's thousand are gone",
  world: (dice) => {
    const minutes = dice.number(7, 10);
    return {
      instances: [
        instanceOf(id, {
          Engine: "aurora-mysql",
          EngineVersion: "8.0.mysql_aurora.3.08.2",
          DBInstanceClass: "db.r6g.large",
          DBClusterIdentifier: cluster,
        }),
      ],
      cluster: clusterOf(cluster, [id], {
        Engine: "aurora-mysql",
        EngineVersion: "8.0.mysql_aurora.3.08.2",
      }),
      metrics: {
        ...calm,
        // r6g.large: 1000 by the formula of Aurora MySQL.
        DatabaseConnections: even((ago) => Math.min(1000, moves(190, 1460, minutes)(ago) ?? 0)),
        ConnectionAttempts: moves(2, 96, minutes),
        AbortedClients: moves(1, 34, minutes),
        CPUUtilization: moves(31, 58, minutes),
        FreeableMemory: moves(3.6 * 1024 ** 3, 2.1 * 1024 ** 3, minutes),
        DBLoad: moves(0.7, 1.7, minutes),
        DBLoadCPU: moves(0.5, 1.3, minutes),
        DBLoadNonCPU: moves(0.2, 0.4, minutes),
        Queries: steps(1900, 3100, minutes),
      },
      events: [told(id, 1400, "backup", "Finished DB Instance backup")],
      load: loadOf(
        { cpu: 1.3, "wait/io/aurora_redo_log_flush": 0.3, "wait/synch/mutex/sql/LOCK_connection_count": 0.1 },
        [
          {
            sql: "INSERT INTO `signups` ( `campaign` , `email` ) VALUES (...)",
            waits: { cpu: 0.4, "wait/io/aurora_redo_log_flush": 0.3 },
          },
          { sql: "SELECT `title` FROM `campaigns` WHERE `slug` = ?", waits: { cpu: 0.5 } },
        ],
        { signup_lambda: 1.3, web: 0.3 },
      ),
      alarm: above("DatabaseConnections", 850, [884, 967, 1000], 2),
      way: "probe-failed",
    };
  },
});
