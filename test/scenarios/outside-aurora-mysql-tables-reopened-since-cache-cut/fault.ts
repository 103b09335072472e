import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { even, steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import {
  above,
  ago,
  clusterOf,
  instanceOf,
  loadOf,
  nightlyBackup,
  told,
} from "../support/outside/described.ts";
import { fillsUp } from "../support/outside/saws.ts";

const [writer, reader] = ["blogfarm-a", "blogfarm-b"];
const group = "blogfarm-aurora8";
const like = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.2",
  DBInstanceClass: "db.r6g.4xlarge",
  DBParameterGroups: [{ DBParameterGroupName: group, ParameterApplyStatus: "in-sync" }],
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Some forty thousand tables of tenants are in use, and table_open_cache was cut from 30000 to 2000 an hour ago: every statement opens its tables anew and queues for the cache's latches",
  world: (dice) => {
    const since = dice.number(55, 60);
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, like)],
      cluster: clusterOf("blogfarm", [writer, reader], {
        Engine: "aurora-mysql",
        EngineVersion: "8.0.mysql_aurora.3.08.2",
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 16, memoryGib: 128, connections: 880, cpu: 38, iops: 1300 }),
        ),
        ...calmReader(reader, 128),
        CPUUtilization: even(steps(38, 91, since)),
        Queries: steps(14_600, 6200, since),
        SelectLatency: steps(0.6, 9.1, since),
        DMLLatency: steps(1.4, 12.7, since),
        CommitThroughput: steps(640, 280, since),
        DBLoad: steps(6.1, 57, since),
        DBLoadCPU: steps(4.7, 14.1, since),
        DBLoadNonCPU: steps(1.4, 42.9, since),
        DatabaseConnections: fillsUp(usual(880), since, 24, 1540),
        NetworkTransmitThroughput: steps(27e6, 12e6, since),
        BufferCacheHitRatio: usual(99.9),
      },
      events: [
        told(
          group,
          since + 1,
          "configuration change",
          "Updated parameter table_open_cache to 2000 with apply method immediate",
          "parameter-group",
        ),
        ...nightlyBackup(writer),
      ],
      load: loadOf(
        {
          "wait/synch/mutex/sql/LOCK_table_cache": 21.4,
          "wait/synch/mutex/sql/LOCK_open": 13.8,
          CPU: 14.1,
          "wait/synch/mutex/innodb/dict_sys_mutex": 6.2,
          "wait/io/table/sql/handler": 0.9,
        },
        [
          {
            sql: "SELECT option_name , option_value FROM wp_options WHERE autoload = ?",
            waits: {
              "wait/synch/mutex/sql/LOCK_table_cache": 2.2,
              "wait/synch/mutex/sql/LOCK_open": 1.4,
              CPU: 1.3,
            },
          },
          {
            sql: "SELECT * FROM wp_posts WHERE post_name = ? AND post_type = ?",
            waits: {
              "wait/synch/mutex/sql/LOCK_table_cache": 1.8,
              "wait/synch/mutex/sql/LOCK_open": 1.1,
              CPU: 1.2,
            },
          },
          {
            sql: "SELECT meta_key , meta_value FROM wp_postmeta WHERE post_id = ?",
            waits: {
              "wait/synch/mutex/sql/LOCK_table_cache": 1.7,
              "wait/synch/mutex/sql/LOCK_open": 1.2,
              CPU: 1.0,
            },
          },
          {
            sql: "UPDATE wp_options SET option_value = ? WHERE option_name = ?",
            waits: { "wait/synch/mutex/sql/LOCK_table_cache": 0.8, "wait/io/table/sql/handler": 0.4 },
          },
        ],
        { wp_web: 53.9, wp_cron: 2.5 },
      ),
      changes: [
        {
          at: ago(since + 1).toISOString(),
          source: "cloudtrail",
          subject: group,
          what: "ModifyDBParameterGroup",
          by: "terraform",
          detail: `dBParameterGroupName=${group}, parameters=[{"parameterName":"table_open_cache","parameterValue":"2000","applyMethod":"immediate"}]`,
          error: null,
        },
        {
          at: ago(since + 1).toISOString(),
          source: "cloudtrail",
          subject: group,
          what: "ModifyDBParameterGroup",
          by: "terraform",
          detail: `dBParameterGroupName=${group}, parameters=[{"parameterName":"long_query_time","parameterValue":"2","applyMethod":"immediate"}]`,
          error: null,
        },
      ],
      alarm: above("CPUUtilization", 80, [90.4, 91.2, 90.9], since - 5),
      alsoAlarms: [above("SelectLatency", 5, [8.7, 9.2, 9.3], since - 4)],
      way: "probe-failed",
    };
  },
});
