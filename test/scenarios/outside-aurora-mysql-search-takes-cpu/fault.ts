import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const cluster = "homes";
const writer = "homes-1";
const reader = "homes-2";

const calm = calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 96, cpu: 31, iops: 900 });

export const scenario = defineOutside({
  engine: "mysql",
  title: "The new filter of the search reads every listing of a city: the writer's cores are all its",
  world: (dice) => {
    const minutes = dice.number(16, 22);
    const load = dice.number(15, 19);
    const instance = {
      Engine: "aurora-mysql",
      EngineVersion: "8.0.mysql_aurora.3.08.2",
      DBInstanceClass: "db.r6g.xlarge",
      DBClusterIdentifier: cluster,
    };
    return {
      instances: [instanceOf(writer, instance), instanceOf(reader, instance)],
      cluster: clusterOf(cluster, [writer, reader], {
        Engine: "aurora-mysql",
        EngineVersion: "8.0.mysql_aurora.3.08.2",
      }),
      metrics: {
        ...calm,
        ...calmReader(reader, 32),
        CPUUtilization: steps(31, 97, minutes),
        DatabaseConnections: steps(96, 171, minutes - 2),
        DBLoad: steps(1.2, load, minutes),
        DBLoadCPU: steps(0.95, load - 1.1, minutes),
        DBLoadNonCPU: steps(0.28, 1.1, minutes),
        SelectLatency: steps(0.6, 44, minutes),
        DMLLatency: steps(1.4, 9, minutes),
        CommitLatency: steps(2.4, 6, minutes),
        Queries: steps(1900, 1320, minutes),
      },
      load: loadOf(
        { CPU: load - 1.1, "wait/io/table/sql/handler": 0.6, "wait/synch/mutex/innodb/buf_pool_mutex": 0.3 },
        [
          {
            sql: "SELECT `l`.`listing_uuid`, `l`.`title`, `l`.`price` FROM `listings` `l` WHERE `l`.`city` = ? AND JSON_CONTAINS(`l`.`features`, ?) ORDER BY `l`.`ranked` DESC LIMIT ?",
            waits: { CPU: load - 3, "wait/io/table/sql/handler": 0.5 },
          },
          { sql: "SELECT * FROM `favourites` WHERE `member_no` = ?", waits: { CPU: 0.8 } },
          { sql: "UPDATE `visits` SET `seen_at` = ? WHERE `visit_id` = ?", waits: { CPU: 0.4 } },
        ],
        { homes_web: load - 1.2, homes_jobs: 0.8 },
      ),
      alarm: above("CPUUtilization", 85, [96.1, 97.4, 96.8], minutes - 6),
      way: "probe-failed",
    };
  },
});
